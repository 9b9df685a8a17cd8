package history

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cofferdam/internal/git"
	"cofferdam/rules"
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
	files, err := tree(ctx, repo, base)
	if err != nil {
		return nil, err
	}
	known, err := knownIn(ctx, repo, s, files, func(path workspace.Path) bool {
		l := report.Find(path)
		return l == nil || found[path] || standsForCredential(l)
	})
	if err != nil {
		return nil, err
	}
	old := now
	now.Findings = known.less(now.Findings)
	now.Ledger = knownFiles(old, &now, concerned, files, known)
	return &now, nil
}

// standsForCredential reports whether l may be among the credential files of a report.
func standsForCredential(l *scan.Line) bool {
	return l.Credential != "" || l.Verdict.Action == rules.Hide
}

// knownFiles is the ledger with those credential files marked as known that git is told to ignore, that the base has
// under the same name, or of which all that was found is known.
func knownFiles(before scan.Report, now *scan.Report, concerned map[workspace.Path]bool, base []fileChange, known values) []scan.Line {
	there := map[workspace.Path]bool{}
	for _, f := range base {
		there[f.path] = true
	}
	lines := slices.Clone(now.Ledger)
	for i := range lines {
		l := &lines[i]
		if !standsForCredential(l) {
			continue
		}
		finding := l.Finding()
		switch {
		case l.Type == workspace.Dir || !concerned[l.Path]: // what is new in a directory speaks for itself
			l.Known = true
		case l.Verdict.Action == rules.Hide:
			l.Known = l.Known || there[l.Path]
		case known[value{finding.Rule, finding.Fingerprint}] > 0:
			l.Known = true
		case len(before.FindingsIn(l.Path)) > 0 && len(now.FindingsIn(l.Path)) == 0:
			l.Known = true
		}
	}
	return lines
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

// knownIn is the values in those files that interest.
func knownIn(ctx context.Context, repo *git.Repo, s Searcher, files []fileChange, interesting func(workspace.Path) bool) (values, error) {
	batch, err := repo.Objects(ctx)
	if err != nil {
		return nil, err
	}
	v := &versions{searcher: s, batch: batch}
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
