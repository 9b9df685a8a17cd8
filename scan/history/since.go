package history

import (
	"context"
	"fmt"
	"strings"

	"cofferdam/internal/git"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Since is what of a scan of the working tree came in after revision: its findings less those that the files of the
// merge base with HEAD have, wherever they stood. Paths that git does not track and is told to ignore are left out.
func Since(ctx context.Context, repo *git.Repo, s Searcher, revision string, report *scan.Report) (*scan.Report, error) {
	base, err := mergeBase(ctx, repo, revision)
	if err != nil {
		return nil, err
	}
	concerned, err := tracked(ctx, repo)
	if err != nil {
		return nil, err
	}
	now := *report
	now.Findings, now.Incomplete = nil, nil
	found := map[workspace.Path]bool{}
	for _, f := range report.Findings {
		if concerned[f.Path] {
			now.Findings = append(now.Findings, f)
			found[f.Path] = true
		}
	}
	for _, i := range report.Incomplete {
		if concerned[i.Path] {
			now.Incomplete = append(now.Incomplete, i)
		}
	}
	known, err := knownAt(ctx, repo, s, base, func(path workspace.Path) bool { return found[path] || report.Find(path) == nil })
	if err != nil {
		return nil, err
	}
	now.Findings = known.less(now.Findings)
	return &now, nil
}

func mergeBase(ctx context.Context, repo *git.Repo, revision string) (string, error) {
	id, err := repo.Resolve(ctx, revision)
	if err != nil {
		return "", err
	}
	out, err := repo.Output(ctx, "merge-base", id, "HEAD")
	if err != nil {
		return "", fmt.Errorf("%q and HEAD have no commit in common that is here (is the clone too shallow?): %w", revision, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// tracked is the files that git tracks, or would if asked to add everything.
func tracked(ctx context.Context, repo *git.Repo) (map[workspace.Path]bool, error) {
	paths := map[workspace.Path]bool{}
	err := repo.Lines(ctx, 0, func(path string) error {
		if inside, ours := strings.CutPrefix(path, repo.Prefix); ours {
			paths[workspace.Path(inside)] = true
		}
		return nil
	}, "ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard")
	return paths, err
}

// knownAt is the values in those files of a commit that interest.
func knownAt(ctx context.Context, repo *git.Repo, s Searcher, commit string, interesting func(workspace.Path) bool) (values, error) {
	files, err := tree(ctx, repo, commit)
	if err != nil {
		return nil, err
	}
	v := &versions{searcher: s}
	if v.batch, err = repo.Objects(ctx); err != nil {
		return nil, err
	}
	known := newValues()
	for _, f := range files {
		if !interesting(f.path) {
			continue
		}
		found, _, err := v.search(ctx, f.after, f.path)
		if err != nil {
			return nil, err
		}
		known.add(found)
	}
	return known, v.batch.Close()
}

// tree is the files of a commit.
func tree(ctx context.Context, repo *git.Repo, commit string) (list []fileChange, err error) {
	err = repo.Lines(ctx, 0, func(line string) error {
		meta, path, ok := strings.Cut(line, "\t")
		fields := strings.Fields(meta)
		if !ok || len(fields) != 3 {
			return fmt.Errorf("git ls-tree: %.80q is no entry", line)
		}
		if inside, ours := strings.CutPrefix(path, repo.Prefix); ours && fields[1] == "blob" {
			list = append(list, fileChange{path: workspace.Path(inside), after: fields[2]})
		}
		return nil
	}, "ls-tree", "-r", "-z", "--full-tree", commit)
	return list, err
}
