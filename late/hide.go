package late

import (
	"context"
	"errors"
	"time"

	"cofferdam/workspace"
)

// secret is what was found at a path of the project.
type secret struct {
	Verdict
	now   workspace.Entry
	gone  bool // it is not there any more
	since time.Time
}

// hide takes one name of a secret out of the view.
func (g *Guard) hide(ctx context.Context, name workspace.Path, s secret) {
	own := g.own(ctx, name, s)
	if own == apart {
		return
	}
	p := &Path{Path: name, Rule: s.Rule, Since: s.since, Dirs: g.dirs(name)}
	seen, err := g.cover(p, own)
	if s.gone && !seen { // It came and went, and nobody has seen it.
		p.Hidden, p.Problem = false, "it has gone"
		_ = g.Note(*p)
		return
	}
	if err == nil && !seen {
		p.Visible = 0
	}
	g.add(p)
	if err != nil && !errors.Is(err, ErrEnded) {
		g.retry(name)
	}
}

// cover hides p, and fills in what came of it.
func (g *Guard) cover(p *Path, own ownership) (seen bool, err error) {
	if own == mixed {
		p.Kept, err = g.keep(p.Path)
	}
	if err == nil {
		err = g.Note(*p)
	}
	if err == nil {
		seen, err = g.Cover(p.Path)
	}
	end := time.Now()
	if ended := g.ended.Load(); ended != 0 {
		end = time.Unix(0, ended)
	}
	p.Visible, p.Hidden = max(0, end.Sub(p.Since)), err == nil
	if err != nil {
		p.Problem = err.Error()
	}
	return seen, errors.Join(err, g.Note(*p))
}

// add takes p among what was found. A path that was found before has been visible for as long as both times together; where
// it could not be hidden the first time, it was visible from then on.
func (g *Guard) add(p *Path) {
	old := g.found[p.Path]
	if old == nil {
		g.found[p.Path] = p
		g.order = append(g.order, p)
		return
	}
	if old.Hidden {
		p.Visible += old.Visible
	} else if p.Since.After(old.Since) {
		p.Visible += p.Since.Sub(old.Since)
	}
	p.Since = old.Since
	if p.Kept == "" {
		p.Kept = old.Kept
	}
	*old = *p
}

// retry tries again in a while, each time a longer one.
func (g *Guard) retry(name workspace.Path) {
	if g.ended.Load() != 0 {
		return
	}
	n := min(g.tries[name], 8)
	g.tries[name] = n + 1
	g.watcher.Again(name, 50*time.Millisecond<<n)
}

// dirs is the directories around name that are not as the view had them. To hide name copies them into the upper layer.
func (g *Guard) dirs(name workspace.Path) []Dir {
	var dirs []Dir
	for dir := name.Dir(); dir != workspace.Dot; dir = dir.Dir() {
		e, err := g.Root.Lookup(dir)
		if err != nil || e.Type != workspace.Dir {
			continue
		}
		if old := g.Base.Find(dir); old == nil || old.Mode != e.Mode {
			dirs = append(dirs, Dir{dir, e.Mode})
		}
	}
	return dirs
}
