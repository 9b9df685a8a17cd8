package apply

import (
	"errors"
	"io"

	"cofferdam/change"
	"cofferdam/workspace"
)

// straysShown bounds what one directory contributes to the conflicts.
const straysShown = 10

// findStrays looks in the workspace for names inside a directory that is to go which the manifest does not know.
// Directories below are to go as well, each by a change of its own, so one level is enough.
func (p *planner) findStrays(it *item) {
	dir, err := p.root.OpenDir(it.Path)
	if err != nil {
		it.clash(Unreadable, "%v", err)
		return
	}
	defer dir.Close()
	found := 0
	for found < straysShown {
		names, err := dir.Readdirnames(1000)
		for _, name := range names {
			path := it.Path.Join(name)
			if p.base.Find(path) != nil || p.base.Covers(path) || found == straysShown {
				continue
			}
			found++
			p.strays = append(p.strays, Conflict{path, AddDelete, "added to the workspace inside a directory that is to be deleted"})
			p.stray[it.Path] = path
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			it.clash(Unreadable, "%v", err)
			return
		}
	}
}

// settleDir decides a directory that is to go by what stays inside.
func (p *planner) settleDir(it *item) {
	if it.fate != lands || !it.removesDir() {
		return
	}
	hidden := p.base.HiddenBelow(it.Path)
	stays, why, clash := p.staysIn(it)
	switch {
	case clash:
		it.clash(Inside, "%s", why)
	case it.Kind == change.Delete && len(hidden) > 0:
		it.fate, it.why = kept, "it holds files that are hidden from the view"
	case len(hidden) > 0:
		it.clash(Collision, "the directory that it replaces holds files that are hidden from the view")
	case it.Kind == change.Delete && stays:
		it.fate, it.why = kept, why
	case stays:
		it.clash(Inside, "%s", why)
	}
}

// staysIn looks for anything visible inside a directory that does not go.
func (p *planner) staysIn(dir *item) (stays bool, why string, clash bool) {
	if path, ok := p.stray[dir.Path]; ok {
		return true, "it holds " + path.Base() + ", which was added to the workspace", true
	}
	for _, e := range p.base.Below(dir.Path) {
		child := p.at(e.Path)
		switch {
		case child == nil:
			stays, why = true, "it holds files whose deletion is not part of what is applied"
		case child.fate == conflicts:
			return true, "it holds files that conflict", true
		case child.fate == refused:
			stays, why = true, "it holds files that never change by an apply"
		case child.fate == held:
			stays, why = true, "it holds files whose change is held back"
		case child.fate == kept:
			stays, why = true, child.why
		case child.New.Type != workspace.None:
			stays, why = true, "it holds files that are changed and not deleted"
		}
	}
	return stays, why, false
}

// dropReplaced leaves a directory whole when what was to replace it does not land.
func (p *planner) dropReplaced() {
	for i := range p.items {
		dir := &p.items[i]
		if dir.Kind != change.Modify || !dir.removesDir() || dir.fate != conflicts && dir.fate != refused && dir.fate != held {
			continue
		}
		for j := i + 1; j < len(p.items); j++ {
			it := &p.items[j]
			if it.Path.Within(dir.Path) && it.fate == lands && dir.fate == held {
				it.hold("what was to replace its directory is held back")
			} else if it.Path.Within(dir.Path) && it.fate == lands {
				it.clash(Parent, "what was to replace its directory does not land")
			} else if it.Path >= dir.Path+"0" {
				break // '0' follows '/'
			}
		}
	}
}
