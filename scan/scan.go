package scan

import (
	"context"
	"runtime"
	"sync"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// Options of a scan. The zero value scans everything with as many workers as there are processors.
type Options struct {
	Workers  int
	Progress func(Progress) // called now and then, never by two at once
	Prior    *Report        // of the same tree: what has not changed since is not read again
}

// Progress is how far a scan has come.
type Progress struct {
	Files int64 // read or found unchanged
	Bytes int64 // read
}

// Scan walks the whole tree below root, files that git ignores and hidden ones included, and looks into every file. It
// follows no symlink, opens nothing but regular files, enters no .git and no other file system. What could not be read
// is in the report; an error is only that of ctx. A nil set means the default rules.
func Scan(ctx context.Context, root *workspace.Root, set *rules.Set, opts Options) (*Report, error) {
	return scan(ctx, root, set, opts)
}

// Rescan is Scan again, at the cost of a walk where nothing has changed since prior.
func Rescan(ctx context.Context, root *workspace.Root, set *rules.Set, opts Options, prior *Report) (*Report, error) {
	opts.Prior = prior
	return scan(ctx, root, set, opts)
}

func scan(ctx context.Context, root *workspace.Root, set *rules.Set, opts Options) (*Report, error) {
	if set == nil {
		set = rules.NewSet(nil, nil)
	}
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	s := newScanner(root, set, opts)
	var readers sync.WaitGroup
	for range opts.Workers {
		readers.Go(func() { s.readFiles(ctx) })
	}
	err := workspace.Walk(ctx, root, s, opts.Workers)
	close(s.files)
	readers.Wait()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.finish(), nil
}
