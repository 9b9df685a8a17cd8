package patch

import (
	"bufio"
	"fmt"
	"io"

	"cofferdam/change"
	"cofferdam/workspace"
)

// NameStatus writes a line for each change of set, in path order: A, M, D or T (another type), a tab, and the path
// quoted as git does; a directory has a slash after its name. A directory that comes or goes with what lies in it is
// not listed, as git does not.
func NameStatus(w io.Writer, set *change.Set) error {
	out := bufio.NewWriter(w)
	empty := emptyDirs(set)
	for i := range set.Changes {
		c := &set.Changes[i]
		d := &delta{Change: c}
		if d.noteMode(empty[c.Path]); onlyDirs(c) && len(d.notes) == 0 {
			continue
		}
		fmt.Fprintf(out, "%c\t%s\n", status(c), Quote(nameOf(c)))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write names: %w", err)
	}
	return nil
}

func status(c *change.Change) byte {
	switch {
	case c.Old.Type == workspace.None:
		return 'A'
	case c.New.Type == workspace.None:
		return 'D'
	case c.Old.Type != c.New.Type:
		return 'T'
	}
	return 'M'
}

// onlyDirs reports whether no side of c is anything but a directory.
func onlyDirs(c *change.Change) bool {
	isDirOrNone := func(t workspace.Type) bool { return t == workspace.Dir || t == workspace.None }
	return isDirOrNone(c.Old.Type) && isDirOrNone(c.New.Type)
}
