package gitview

import (
	"bytes"
	"context"

	"cofferdam/workspace"
)

// Content is a file, a symlink or a submodule in a commit.
type Content struct {
	Mode  uint32 // 0100644, 0100755, 0120000 for a symlink, 0160000 for a submodule
	Bytes []byte // of a symlink the target, of a submodule nothing
}

// FileChange is what a commit of the view does to a path.
type FileChange struct {
	Commit string         // in the view
	Path   workspace.Path // in the project
	Old    *Content       // in the view, before; nil where there was none
	New    *Content       // in the view, after; nil where it is deleted
	Host   *Content       // in the commit of the project that this one lands on, with real values; nil where there is none
	From   workspace.Path // a file that the same commit deletes and whose content New has, if there is one
}

// unpointed reports whether a pointer of Git LFS becomes what it points to: git in the view has no filter that would
// make a pointer of it.
func (c *FileChange) unpointed() bool {
	return c.New != nil && c.New.Mode&0o170000 == 0o100000 && c.Host.pointer() && !c.New.pointer()
}

// pointer reports whether c is a pointer of Git LFS, none of which is longer than this.
func (c *Content) pointer() bool {
	return c != nil && len(c.Bytes) < 1024 && bytes.HasPrefix(c.Bytes, []byte("version https://git-lfs.github.com/spec/"))
}

// Gate decides what of the commits of a view may land, and puts real values back.
type Gate interface {
	// File gives the bytes that land in place of c.New, or says why the change is held back: then the path stays as it
	// is in the project's commit. The bytes mean nothing where c.New is nil.
	File(ctx context.Context, c FileChange) (content []byte, held string, err error)
	// Message gives the text that lands in place of the message of a commit.
	Message(ctx context.Context, commit string, text []byte) ([]byte, error)
}

// LandOptions is how commits land. Its zero value lands HEAD.
type LandOptions struct {
	Session string // names refs/cofferdam/<session>; needed
	Scratch string // an empty directory outside of the project, which the caller removes afterwards; needed
	Branch  string // to land instead of HEAD
	User    Person // takes the place of Inside in authors and committers, where it has a name
	MaxFile int64  // bytes of the largest file that Gate is asked about; a larger one is held back; 0 for 256 MiB
	Commits int    // the most that land; 0 for 10,000

	// Link tells the commit of the project's submodule that stands for one of the view's. A change of a submodule that it
	// knows nothing of is held back. It may be nil.
	Link func(path workspace.Path, commit string) (string, bool)
}

// Landed is what came back.
type Landed struct {
	Ref     string         `json:"ref,omitempty"`  // empty where there was nothing to land
	Head    string         `json:"head,omitempty"` // what Ref names
	Commits []LandedCommit `json:"commits,omitempty"`
	Held    []Held         `json:"held,omitempty"`
	Others  []string       `json:"others,omitempty"` // branches of the bundle with commits that the landed one does not have
}

// LandedCommit is a commit of the view and the one that it became.
type LandedCommit struct {
	View string `json:"view"`
	Host string `json:"host"`
}

// Held is a change that did not land with its commit.
type Held struct {
	Commit string         `json:"commit"` // in the view
	Path   workspace.Path `json:"path"`
	Why    string         `json:"why"`
}

func (o LandOptions) maxFile() int64 {
	if o.MaxFile > 0 {
		return o.MaxFile
	}
	return 256 << 20
}

func (o LandOptions) commits() int {
	if o.Commits > 0 {
		return o.Commits
	}
	return 10_000
}
