package history

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"cofferdam/internal/git"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Options of Search. The zero value searches everything.
type Options struct {
	Range    []string            // revisions as git log takes them; none for all objects there are
	Workers  int                 // as many as there are processors where 0
	Progress func(scan.Progress) // never called by two at once
	Cache    Cache               // may be nil
}

// Cache remembers what was found in an object of so many bytes, by its id and the path that decides which rules hold. It
// is safe for concurrent use.
type Cache interface {
	Find(id string, size int64, path workspace.Path) (findings []scan.Finding, incomplete []scan.Incomplete, ok bool)
	Add(id string, size int64, path workspace.Path, findings []scan.Finding, incomplete []scan.Incomplete)
}

// Places of what is no file's content.
const (
	messagePath  workspace.Path = "(commit message)"
	tagPath      workspace.Path = "(tag message)"
	danglingPath workspace.Path = "(unreachable object)"
)

// place is where the content of an object that no log names stands.
func place(kind string) workspace.Path {
	switch kind {
	case "commit":
		return messagePath
	case "tag":
		return tagPath
	case "blob":
		return danglingPath
	}
	return ""
}

// Search looks into every version that a file ever had, each one once, and into the messages of commits and tags. A
// finding has the commit, author and path that brought it in first; one that no commit reaches has no Commit. The report
// has no ledger.
func Search(ctx context.Context, repo *git.Repo, s Searcher, o Options) (*scan.Report, error) {
	log, err := readLog(ctx, repo, o.Range)
	if err != nil {
		return nil, err
	}
	h := &search{searcher: s, options: o, log: log, report: scan.Report{Root: repo.Top}}
	jobs, err := h.jobs(ctx, repo)
	if err != nil {
		return nil, err
	}
	if err := h.run(ctx, repo, jobs); err != nil {
		return nil, err
	}
	return h.finish(), nil
}

// job is an object to be searched.
type job struct {
	id    string
	size  int64
	place origin // commit -1 where no commit brought it in
}

type search struct {
	searcher Searcher
	options  Options
	log      *introductions

	mu       sync.Mutex
	report   scan.Report
	found    []located
	progress scan.Progress
}

// located is a finding and when it came in.
type located struct {
	scan.Finding
	order int
}

// jobs is the objects to search, in the order of the store.
func (h *search) jobs(ctx context.Context, repo *git.Repo) ([]job, error) {
	var list []job
	err := repo.AllObjects(ctx, func(o git.Object) error {
		j := job{id: o.ID, size: o.Size, place: origin{-1, ""}}
		order, isCommit := h.log.order[o.ID]
		brought, isFile := h.log.blobs[o.ID]
		whole := len(h.options.Range) == 0 && repo.Prefix == ""
		switch {
		case isCommit:
			j.place = origin{order, string(messagePath)}
		case isFile:
			j.place = brought
		case whole && place(o.Type) != "":
			j.place.path = string(place(o.Type))
		default:
			return nil
		}
		list = append(list, j)
		return nil
	})
	return list, err
}

// run shares the jobs out in runs of neighbours, which git reads fastest one after the other.
func (h *search) run(ctx context.Context, repo *git.Repo, jobs []job) error {
	workers := h.options.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const share = 512
	queue := make(chan []job, len(jobs)/share+1)
	for part := range slices.Chunk(jobs, share) {
		queue <- part
	}
	close(queue)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for range min(workers, cap(queue)) {
		group.Go(func() {
			if err := h.work(ctx, repo, queue); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

func (h *search) work(ctx context.Context, repo *git.Repo, queue <-chan []job) error {
	batch, err := repo.Objects(ctx)
	if err != nil {
		return err
	}
	for part := range queue {
		for _, j := range part {
			if err := h.one(ctx, batch, j); err != nil {
				return errors.Join(err, batch.Close())
			}
		}
	}
	return batch.Close()
}

func (h *search) one(ctx context.Context, batch *git.Batch, j job) error {
	path := workspace.Path(j.place.path)
	if cache := h.options.Cache; cache != nil {
		if findings, incomplete, ok := cache.Find(j.id, j.size, path); ok {
			h.add(j, findings, incomplete, true)
			return nil
		}
	}
	object, content, err := batch.Open(j.id)
	if err != nil {
		return err
	}
	raw, reason, err := readObject(object.Size, content)
	if err != nil {
		return err
	}
	if reason != "" || object.Type == "missing" {
		h.add(j, nil, []scan.Incomplete{{Path: path, Reason: cmp.Or(reason, "its object is missing in the repository")}}, false)
		return nil
	}
	if object.Type != "blob" {
		raw = message(raw)
	}
	findings, incomplete, err := h.searcher.Search(ctx, path, raw)
	if err != nil {
		return err
	}
	if cache := h.options.Cache; cache != nil {
		cache.Add(j.id, j.size, path, findings, incomplete)
	}
	h.add(j, findings, incomplete, false)
	return nil
}

// message is the text of a commit or tag, without its headers.
func message(raw []byte) []byte {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] == '\n' && raw[i+1] == '\n' {
			return raw[i+2:]
		}
	}
	return nil
}

func (h *search) add(j job, findings []scan.Finding, incomplete []scan.Incomplete, cached bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.report.Texts++
	h.report.Bytes += j.size // also of what is known: the answer does not depend on what is remembered
	h.progress.Bytes += j.size
	if cached {
		h.report.Reused++
	}
	for _, f := range findings {
		f.Path, f.Action = workspace.Path(j.place.path), ""
		if j.place.commit >= 0 {
			f.Commit = h.log.commits[j.place.commit]
		}
		h.found = append(h.found, located{f, j.place.commit})
	}
	h.report.Incomplete = append(h.report.Incomplete, incomplete...)
	h.progress.Files++
	if h.options.Progress != nil && h.progress.Files%256 == 0 {
		h.options.Progress(h.progress)
	}
}

// finish keeps of findings of one value in versions of one file the first, and puts all in order: by commit, then path.
func (h *search) finish() *scan.Report {
	slices.SortFunc(h.found, func(a, b located) int {
		return cmp.Or(cmp.Compare(uint(a.order), uint(b.order)), // what no commit has comes last
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Member, b.Member))
	})
	type sight struct {
		path                      workspace.Path
		member, fingerprint, rule string
	}
	first := map[sight]int{}
	for _, f := range h.found {
		key := sight{f.Path, f.Member, f.Fingerprint, f.Rule}
		if before, seen := first[key]; seen && before != f.order {
			continue // a later version of the file still has it
		}
		first[key] = f.order
		h.report.Findings = append(h.report.Findings, f.Finding)
	}
	slices.SortFunc(h.report.Incomplete, func(a, b scan.Incomplete) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	if h.options.Progress != nil {
		h.options.Progress(h.progress)
	}
	return &h.report
}
