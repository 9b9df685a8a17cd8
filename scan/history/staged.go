package history

import (
	"context"
	"fmt"
	"strings"

	"cofferdam/internal/git"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Staged searches what the next commit would bring in: the files of the index that differ from HEAD, less what HEAD's
// version of a file has already. The report has no ledger.
func Staged(ctx context.Context, repo *git.Repo, s Searcher) (*scan.Report, error) {
	base, err := head(ctx, repo)
	if err != nil {
		return nil, err
	}
	changes, err := indexChanges(ctx, repo, base)
	if err != nil {
		return nil, err
	}
	v := &versions{searcher: s}
	if v.batch, err = repo.Objects(ctx); err != nil {
		return nil, err
	}
	report := &scan.Report{Root: repo.Top}
	known := newValues()
	for _, c := range changes {
		found, _, err := v.search(ctx, c.before, c.path)
		if err != nil {
			return nil, err
		}
		known.add(found)
	}
	for _, c := range changes {
		if c.after == "" {
			continue
		}
		report.Texts++
		found, missed, err := v.search(ctx, c.after, c.path)
		if err != nil {
			return nil, err
		}
		report.Findings = append(report.Findings, known.less(found)...)
		report.Incomplete = append(report.Incomplete, missed...)
	}
	report.Bytes = v.bytes
	return report, v.batch.Close()
}

// emptyTree is what an unborn branch is compared with: git makes it up when asked for it by its id.
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// head is the tree of HEAD, or the empty one before the first commit.
func head(ctx context.Context, repo *git.Repo) (string, error) {
	if id, err := repo.Resolve(ctx, "HEAD"); err == nil {
		return id, nil
	} else if ctx.Err() != nil {
		return "", err
	}
	format, err := repo.Output(ctx, "rev-parse", "--show-object-format")
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(string(format)) == "sha256" {
		return "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321", nil
	}
	return emptyTree, nil
}

// fileChange is a path with another content than before; an id is empty where there is none.
type fileChange struct {
	path          workspace.Path
	before, after string
}

// indexChanges is how the index differs from a tree.
func indexChanges(ctx context.Context, repo *git.Repo, tree string) (list []fileChange, err error) {
	change := ""
	err = repo.Lines(ctx, 0, func(text string) error {
		if strings.HasPrefix(text, ":") && change == "" {
			change = text[1:]
			return nil
		}
		fields := strings.Fields(change)
		change = ""
		if len(fields) != 5 {
			return fmt.Errorf("git diff-index: %.80q is no change", text)
		}
		if inside, ours := strings.CutPrefix(text, repo.Prefix); ours {
			list = append(list, fileChange{workspace.Path(inside), blobID(fields[0], fields[2]), blobID(fields[1], fields[3])})
		}
		return nil
	}, "diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", tree, "--")
	return list, err
}

// blobID is id where mode is that of a blob, else empty.
func blobID(mode, id string) string {
	if mode == gitlink || strings.Trim(id, "0") == "" {
		return ""
	}
	return id
}

// versions searches blobs one by one.
type versions struct {
	searcher Searcher
	batch    *git.Batch
	bytes    int64
}

func (v *versions) search(ctx context.Context, id string, path workspace.Path) ([]scan.Finding, []scan.Incomplete, error) {
	if id == "" {
		return nil, nil, nil
	}
	object, content, err := v.batch.Open(id)
	if err != nil {
		return nil, nil, err
	}
	if object.Type == "missing" {
		return nil, []scan.Incomplete{{Path: path, Reason: "its object is missing in the repository"}}, nil
	}
	raw, reason, err := readObject(object.Size, content)
	if err != nil {
		return nil, nil, err
	}
	if reason != "" {
		return nil, []scan.Incomplete{{Path: path, Reason: reason}}, nil
	}
	v.bytes += object.Size
	return v.searcher.Search(ctx, path, raw)
}

// values counts values by their fingerprints, wherever they stand.
type values map[value]int

type value struct{ rule, fingerprint string }

func newValues() values { return values{} }

func (v values) add(findings []scan.Finding) {
	for _, f := range findings {
		v[value{f.Rule, f.Fingerprint}]++
	}
}

// less is findings without those that v counts, each of which takes away one.
func (v values) less(findings []scan.Finding) (rest []scan.Finding) {
	for _, f := range findings {
		key := value{f.Rule, f.Fingerprint}
		if v[key] > 0 {
			v[key]--
			continue
		}
		rest = append(rest, f)
	}
	return rest
}
