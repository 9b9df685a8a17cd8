package late

import (
	"strconv"

	"cofferdam/workspace"
)

// inode is one file, whatever its names.
type inode struct{ dev, ino uint64 }

func inodeOf(s workspace.Stat) inode { return inode{s.Dev, s.Ino} }

// inodes is the files of the project when the view was made.
type inodes struct {
	hidden  map[inode]workspace.Path
	visible map[inode][]workspace.Path
}

func (g *Guard) index() *inodes {
	if g.inodes != nil {
		return g.inodes
	}
	g.inodes = &inodes{map[inode]workspace.Path{}, map[inode][]workspace.Path{}}
	for i := range g.Base.Hidden {
		if e := &g.Base.Hidden[i]; e.Type == workspace.File {
			g.inodes.hidden[inodeOf(e.Stat)] = e.Path
		}
	}
	for i := range g.Base.Visible {
		if e := &g.Base.Visible[i]; e.Type == workspace.File {
			id := inodeOf(e.Stat)
			g.inodes.visible[id] = append(g.inodes.visible[id], e.Path)
		}
	}
	return g.inodes
}

// hiddenTwin says why a file is a secret that is one which the view hides, under a new name.
func (g *Guard) hiddenTwin(s workspace.Stat) string {
	if s.Type != workspace.File {
		return ""
	}
	if name, ok := g.index().hidden[inodeOf(s)]; ok {
		return "the same file as " + strconv.Quote(string(name))
	}
	return ""
}

// twins is the other names of a file in the project, as far as they are known: the kernel tells of a change by that name
// only by which it was made.
func (g *Guard) twins(s workspace.Stat) []workspace.Path {
	if s.Type != workspace.File || s.Nlink < 2 {
		return nil
	}
	names := g.index().visible[inodeOf(s)]
	for path, j := range g.judged {
		if j.stat.SameFile(s) {
			names = append(names[:len(names):len(names)], path)
		}
	}
	return names
}
