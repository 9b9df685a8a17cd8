package stage

import "fmt"

// Kind is how a view is staged. All kinds show the same tree.
type Kind string

const (
	// Overlay shows the project below a mask, and gathers what is written in an upper layer. It is the default.
	Overlay Kind = "overlay"
	// Copy shows a frozen, filtered copy.
	Copy Kind = "copy"
	// Bind is an overlay that the command cannot write to. A bind mount in the strict sense would not do: it can cover a
	// name with something else, never take it away.
	Bind Kind = "bind"
)

func (k Kind) check() error {
	switch k {
	case Overlay, Copy, Bind:
		return nil
	}
	return fmt.Errorf("stage %q is not overlay, copy or bind", string(k))
}

// GitMode is what a view shows of .git.
type GitMode string

const (
	// GitNone shows an empty directory in place of every .git directory. It is the default.
	GitNone GitMode = "none"
	// GitHost shows the project's own .git, read-only; the sandbox binds it. Those deeper in the tree stay empty.
	GitHost GitMode = "host"
	// GitSnapshot shows repositories in place of the .git directories that hold only what the view shows. A view has room
	// for them, which the caller fills: View.Repositories.
	GitSnapshot GitMode = "snapshot"
)

func (g GitMode) check() error {
	switch g {
	case GitNone, GitHost, GitSnapshot:
		return nil
	}
	return fmt.Errorf("git mode %q is not none, host or snapshot", string(g))
}
