package gitview

import (
	"context"

	"cofferdam/workspace"
)

// Showing is what a view does with a file or a blob.
type Showing uint8

const (
	// Hide leaves it out, name and all. The zero value is strict.
	Hide Showing = iota
	// Pass shows it as it is.
	Pass
	// Redact shows other bytes in its place.
	Redact
	// Absent says that the view has neither a file nor a symlink at the path, and that nothing forbids one.
	Absent
)

// File is what a view has at a path.
type File struct {
	Showing Showing
	Content []byte         // of Redact: the bytes that the view has
	Stat    workspace.Stat // of Redact: the file that has them, as the view shows it; zero where nobody knows

	// Judged is the fingerprint that the project's file, or that of Options.Copy, had when this was decided. Where it
	// has another now, its content is asked about as that of a blob. Zero means that it cannot have changed.
	Judged workspace.Stat
	// Origin is, where Judged is of the file of a copy, the fingerprint that the project's file had when that was made of it.
	Origin workspace.Stat
}

// origin is the fingerprint of the project's file that the view's has its content of.
func (f *File) origin() workspace.Stat {
	if f.Origin.Type != workspace.None {
		return f.Origin
	}
	return f.Judged
}

// Version is a blob of the project's repository: an old or staged content of a path.
type Version struct {
	Path    workspace.Path // in the project, and perhaps there no more
	ID      string         // hexadecimal
	Symlink bool           // the content is the target of a symlink
	Content []byte
}

// Shown decides what a repository may hold. File is called from several goroutines at once.
type Shown interface {
	// File tells what the view has at a path of the project. It is Hide for all that lies in a hidden directory.
	File(path workspace.Path) File
	// Blob tells Pass, Redact with the bytes to take instead, or Hide, for a content that is not in the project's files
	// now. It is asked once for each path and id.
	Blob(ctx context.Context, v Version) (Showing, []byte, error)
	// Text filters what is not a file: a commit's message, the name of a branch, the patterns of info/exclude.
	Text(ctx context.Context, text []byte) ([]byte, error)
}
