package stage

import (
	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/scan"
	"cofferdam/workspace"
)

// Dirs is the directories that a view is built in: absolute, made by the caller with mode 0700, empty, outside of the
// workspace. A kind that does not use one may leave it out.
type Dirs struct {
	Mask  string // the mask of Overlay and Bind; for a Copy what the command must not change of it: Mask of its View
	Upper string // Overlay; on one file system with Work
	Work  string // Overlay
	Copy  string // Copy

	// Seen is a directory for caches of what was looked into, which no view of the workspace shows; empty for none. SeenKey is
	// the same each time, and keeps to its owner what the caches are about.
	Seen    string
	SeenKey []byte

	Key placeholder.Key // of the session: what placeholders are made with. One of its own where it is zero
}

// View is a workspace as a command may see it, ready to be mounted over the workspace's own path.
type View struct {
	Kind    Kind     `json:"kind"`
	Root    string   `json:"root"`
	Lower   []string `json:"lower,omitempty"` // the topmost first: mask, project
	Upper   string   `json:"upper,omitempty"`
	Work    string   `json:"work,omitempty"`
	Mask    string   `json:"mask,omitempty"` // Dirs.Mask
	Copy    string   `json:"copy,omitempty"`
	GitHost bool     `json:"git_host,omitempty"` // the project's .git is to be bound, read-only, over the empty one

	// Repositories is the .git directories, in path order, in whose place in Mask are empty ones to be filled. ShowRepository
	// shows what was put there.
	Repositories []workspace.Path `json:"repositories,omitempty"`

	Plan *Plan `json:"plan"` // the plan that was carried out; it may hide more than the one that Build was called on

	// Manifest is what the view shows, with the fingerprints that the workspace's own files had. The root has its
	// entry. An emptied .git is both visible, as a directory, and hidden, with all that it holds.
	Manifest *workspace.Manifest `json:"-"`
	// Copied is what the files of a copy were like when it was made, for ReadCopy; nil for the other kinds. Those of its
	// repositories have no hash.
	Copied *workspace.Manifest `json:"-"`
	// Book is what stands for the placeholders that the view shows.
	Book *redact.Book `json:"-"`
	// Finder knows every value that the view does not show.
	Finder *redact.Finder `json:"-"`
	// Report is the last scan of the workspace. Manifest and Plan were made of it.
	Report *scan.Report `json:"-"`
}
