package scan

import (
	"context"
	"runtime"

	"cofferdam/rules"
	"cofferdam/scan/detect"
	"cofferdam/workspace"
)

// Options of a scan. The zero value scans everything with as many workers as there are processors.
type Options struct {
	Workers  int
	Detector *detect.Detector // nil for the built-in rules
	Depth    int              // how many encodings around a secret are undone: 5 where it is 0, none where it is less
	Archives int              // how deep archives in archives are unpacked: DefaultArchives where it is 0, not at all where it is less
	Hash     bool             // fill in the hash of every file that is read
	Progress func(Progress)   // called now and then, never by two at once
	CacheDir string           // where results are remembered from one scan to the next; empty for nowhere
	NoCache  bool             // as if CacheDir were empty
	Prior    *Report          // of the same tree: what has not changed since is not read again
}

func (o Options) detector() *detect.Detector {
	if o.Detector != nil {
		return o.Detector
	}
	return detect.Default()
}

// Scan walks the whole tree below root, files that git ignores and hidden ones included, and looks into every file. It
// follows no symlink, opens nothing but regular files, enters no .git and no other file system. What could not be read
// is in the report; an error is only that of ctx. A nil set means the default rules.
func Scan(ctx context.Context, root *workspace.Root, set *rules.Set, opts Options) (*Report, error) {
	if set == nil {
		set = rules.NewSet(nil, nil)
	}
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	return newScanner(root, set, opts).scan(ctx)
}

// Rescan is Scan again, at the cost of a walk where nothing has changed since prior. Where prior has hashes, so has what
// it returns.
func Rescan(ctx context.Context, root *workspace.Root, set *rules.Set, opts Options, prior *Report) (*Report, error) {
	opts.Prior = prior
	opts.Hash = opts.Hash || prior.Hashed
	return Scan(ctx, root, set, opts)
}
