package gitview

import (
	"time"

	"cofferdam/workspace"
)

// Options of Build. The zero value shows the least.
type Options struct {
	History int   // how many commits to show, the last one first; 0 for one that was never made, of HEAD's tree
	Sparse  bool  // whether to show what a sparse checkout leaves out of the working tree
	MaxBlob int64 // bytes of the largest blob that Shown.Blob is asked for; a larger one is left out; 0 for 64 MiB

	// Copy is where the view is a copy of the project; nil where the files of the view are the project's own.
	Copy *workspace.Root
	// Copied is a time before the first file of Copy was made. What a file was like that changed later is not put on the shelf;
	// nothing is where it is zero.
	Copied time.Time
	// Coarse says that inode numbers and change times in the view are not those that Build sees.
	Coarse bool
	// Links is the commit that the view has checked out in the submodule at a path of the project: Built.Head of its own
	// repository. A submodule that has none in the view keeps the commit of the project.
	Links map[workspace.Path]string
	// Shelf is a directory for what the next Build can use of this one: packs of the blobs of files that the view shows,
	// which git links into the view's. It must be on the same file system as those, outside of the project, and nothing
	// that runs on a view may see it. Empty for none.
	Shelf string
	// Known is the values that nothing in the repository may have.
	Known Known

	asked int // bound of a test
}

func (o Options) maxBlob() int64 {
	if o.MaxBlob > 0 {
		return o.MaxBlob
	}
	return 64 << 20
}

// maxAsked bounds how many blobs are looked into. A tree of trees can stand for any number of files.
func (o Options) maxAsked() int {
	if o.asked > 0 {
		return o.asked
	}
	return 1<<18 + min(o.History, 1<<20)<<14
}

// Built is what Build made. It has no name or content of anything hidden, and is meant to be kept, as JSON, for Land.
type Built struct {
	Format  string            `json:"format"` // sha1 or sha256
	Branch  string            `json:"branch,omitempty"`
	Head    string            `json:"head,omitempty"`    // the commit that is checked out, empty before the first
	Base    string            `json:"base,omitempty"`    // the commit that stands for the project's HEAD
	Staged  string            `json:"staged,omitempty"`  // Head, where it is the commit of what was staged
	Own     bool              `json:"own,omitempty"`     // the project has none, so that nothing of it can land
	Commits map[string]string `json:"commits,omitempty"` // the project's commit by the one that stands for it
	Omitted []Omission        `json:"omitted,omitempty"` // what is tracked and visible, and yet not in the repository
	Hidden  int               `json:"hidden"`            // tracked paths that the view hides
	Objects int               `json:"objects"`
}

// Omission is a version of a path that a repository leaves out.
type Omission struct {
	Path workspace.Path `json:"path"`
	ID   string         `json:"-"` // not to be kept: it would confirm a guess
	Why  string         `json:"why"`
}
