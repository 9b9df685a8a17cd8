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
	held, notes := 0, 0
	for _, l := range landings {
		held += len(l.Held)
		if l.Note != "" {
			notes++
		}
	}
	if a.json {
		err = writeJSON(a.out, commitRows(sel.work.Session.ID, landings))
	} else {
		a.printCommits(landings)
	}
	switch {
	case err == nil && held > 0:
		return &codeError{code: exitConflict}
	case err == nil && notes == len(landings):
		return &codeError{code: exitError}
	}
	return err
}

func (a *app) printCommits(landings []cofferdam.Landing) {
	for _, l := range landings {
		switch {
		case l.Note != "":
			a.tell("%s: %s", quoted(l.Repository), l.Note)
		case l.Ref == "":
			a.tell("%s: nothing was committed", quoted(l.Repository))
		default:
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
	Note string `json:"note,omitempty"`
	*gitview.Landed
}

func commitRows(id string, landings []cofferdam.Landing) commitsJSON {
	rows := commitsJSON{Version: 1, Session: id, Repositories: []repositoryJSON{}}
	for _, l := range landings {
		rows.Repositories = append(rows.Repositories, repositoryJSON{string(l.Repository), l.Note, l.Landed})
	}
	return rows
}
