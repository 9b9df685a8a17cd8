package history

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cofferdam/internal/git"
	"cofferdam/scan"
)

// origin is where a blob was first brought in.
type origin struct {
	commit int // index into introductions.commits
	path   string
}

// introductions is what a log says of the blobs of a history, the oldest commit first.
type introductions struct {
	commits []*scan.Commit
	order   map[string]int    // of a commit by its id
	blobs   map[string]origin // by id
}

const gitlink = "160000"

// readLog goes through the commits that selection names, or all of them, those that only a reflog remembers included.
func readLog(ctx context.Context, repo *git.Repo, selection []string) (*introductions, error) {
	args := []string{"log", "--topo-order", "--reverse", "--raw", "-z", "-c", "--no-abbrev", "--no-renames", "--root",
		"--no-ext-diff", "--no-textconv", "--format=%H%x00%an%x00%ae%x00%at%x00%s"}
	if len(selection) == 0 {
		args = append(args, "--all", "--reflog")
	} else {
		args = append(append(args, "--end-of-options"), selection...) // a word of the user's is no option
	}
	args = append(args, "--")
	l := &logReader{introductions: introductions{order: map[string]int{}, blobs: map[string]origin{}}, prefix: repo.Prefix}
	if err := repo.Lines(ctx, 0, l.token, args...); err != nil {
		return nil, err
	}
	return &l.introductions, nil
}

// logReader takes the log apart: five fields of a commit, then pairs of what happened and a path, up to the next commit.
type logReader struct {
	introductions
	prefix string
	fields []string // of a commit, as far as they have come
	change string   // what happened to the path that comes next
}

const commitFields = 5

func (l *logReader) token(text string) error {
	switch {
	case l.change != "":
		l.add(l.change, text)
		l.change = ""
		return nil
	case len(l.fields) > 0:
		l.fields = append(l.fields, text)
	default:
		text = strings.TrimPrefix(text, "\n")
		switch {
		case strings.HasPrefix(text, ":"):
			l.change = text
			return nil
		case text == "":
			return nil
		}
		l.fields = append(l.fields, text)
	}
	if len(l.fields) < commitFields {
		return nil
	}
	defer func() { l.fields = l.fields[:0] }()
	return l.commit(l.fields)
}

func (l *logReader) commit(f []string) error {
	seconds, err := strconv.ParseInt(f[3], 10, 64)
	if err != nil {
		return fmt.Errorf("git log: commit %.40q has the time %.40q", f[0], f[3])
	}
	l.order[f[0]] = len(l.commits)
	l.commits = append(l.commits, &scan.Commit{ID: f[0], Author: f[1], Email: f[2], Date: time.Unix(seconds, 0).UTC(), Subject: f[4]})
	return nil
}

// add takes one change, such as ":100644 100644 ID ID M", or with as many colons as a merge has parents.
func (l *logReader) add(change, path string) {
	fields := strings.Fields(strings.TrimLeft(change, ":"))
	half := (len(fields) - 1) / 2
	if half < 1 || len(l.commits) == 0 {
		return
	}
	mode, id := fields[half-1], fields[2*half-1]
	if mode == gitlink || strings.Trim(id, "0") == "" {
		return // a submodule's commit, or a deletion
	}
	inside, ours := strings.CutPrefix(path, l.prefix)
	if !ours {
		return
	}
	if _, known := l.blobs[id]; !known {
		l.blobs[id] = origin{len(l.commits) - 1, inside}
	}
}
