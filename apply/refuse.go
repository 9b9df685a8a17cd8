package apply

import (
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/workspace"
)

// refuseAll takes out what never lands, whatever the workspace holds.
func (p *planner) refuseAll() {
	repositories := newRepositories(p.root, p.items)
	for i := range p.items {
		it := &p.items[i]
		parent := p.at(it.Path.Dir())
		switch why := p.refusal(it); {
		case why != "":
			it.refuse(why)
		case parent != nil && parent.fate == refused && parent.makesDir():
			it.refuse("the directory that would hold it does not land")
		default:
			if dir, ok := repositories.inside(it.Path); ok {
				it.refuse("git would take the directory " + string(dir) + " for a repository and obey it")
			}
		}
	}
}

func (p *planner) refusal(it *item) string {
	now := &it.New
	switch {
	case it.Refused != "":
		return it.Refused
	case it.Path == workspace.Dot:
		return "the directory of the workspace itself stays as it is"
	case isMetadata(it.Path):
		return "version control metadata never lands as a file"
	case now.Type.Special():
		return "a " + now.Type.String() + " never lands"
	case it.Old.Type == workspace.CharDevice || it.Old.Type == workspace.BlockDevice:
		return "a " + it.Old.Type.String() + " is not touched"
	case now.Type == workspace.File && now.Mode&(unix.S_ISUID|unix.S_ISGID) != 0:
		return "a setuid or setgid file never lands"
	case now.Type == workspace.Dir && now.Mode&unix.S_ISUID != 0:
		return "a setuid directory never lands"
	case now.Type == workspace.Dir && now.Mode&unix.S_ISGID != 0 && !p.inheritsGroup(it):
		return "a setgid directory lands only where the workspace has one"
	case now.Type == workspace.File && !now.Hash.Known():
		return "its content could not be read"
	case now.Type == workspace.Symlink && !validTarget(now.Target):
		return "no link can have this target"
	}
	return ""
}

// inheritsGroup reports whether a directory is setgid because the workspace made it so: it was before, or the nearest
// directory above it is, which the kernel hands down.
func (p *planner) inheritsGroup(it *item) bool {
	if it.Old.Type == workspace.Dir {
		return it.Old.Mode&unix.S_ISGID != 0
	}
	for dir := it.Path.Dir(); dir != workspace.Dot; dir = dir.Dir() {
		if e := p.base.Find(dir); e != nil {
			return e.Mode&unix.S_ISGID != 0
		}
	}
	return p.root.Stat().Mode&unix.S_ISGID != 0
}

func validTarget(target string) bool {
	return target != "" && len(target) < unix.PathMax && !strings.ContainsRune(target, 0)
}
