package main

import (
	"context"
	"fmt"

	"cofferdam"
	"cofferdam/gitview"
)

// landCommits brings back the commits of a session. They are in nobody's way: no branch has them.
func (a *app) landCommits(ctx context.Context, sel *selection) error {
	landings, err := sel.work.LandCommits(ctx, a.host)
	if err != nil {
		return err
	}
	held := 0
	for _, l := range landings {
		held += len(l.Held)
	}
	if a.json {
		err = writeJSON(a.out, commitRows(sel.work.Session.ID, landings))
	} else {
		a.printCommits(landings)
	}
	if err == nil && held > 0 {
		return &codeError{code: exitConflict}
	}
	return err
}

func (a *app) printCommits(landings []cofferdam.Landing) {
	for _, l := range landings {
		if l.Ref == "" {
			a.tell("%s: nothing was committed", quoted(l.Repository))
		} else {
			fmt.Fprintf(a.out, "%s  %s  %s\n", l.Head, l.Ref, plural(len(l.Commits), "commit"))
		}
		for _, h := range l.Held {
			a.tell("held back: %s in %.10s: %s", quoted(h.Path), h.Commit, h.Why)
		}
		for _, name := range l.Others {
			a.tell("not landed: %q, which what was checked out does not have", name)
		}
	}
}

type commitsJSON struct {
	Version      int              `json:"version"`
	Session      string           `json:"session"`
	Repositories []repositoryJSON `json:"repositories"`
}

type repositoryJSON struct {
	Path string `json:"path"`
	*gitview.Landed
}

func commitRows(id string, landings []cofferdam.Landing) commitsJSON {
	rows := commitsJSON{Version: 1, Session: id, Repositories: []repositoryJSON{}}
	for _, l := range landings {
		rows.Repositories = append(rows.Repositories, repositoryJSON{string(l.Repository), l.Landed})
	}
	return rows
}
