package main

import (
	"fmt"
	"path/filepath"
	"time"
	"unicode/utf8"

	"cofferdam"
	"cofferdam/late"
)

// tellLate says what became a secret while the command ran.
func (a *app) tellLate(r *cofferdam.RunResult) {
	const most = 20
	if a.json {
		return
	}
	for i, p := range r.Late {
		if i == most {
			a.tell("late secrets: %d more; --json names all", len(r.Late)-most)
			return
		}
		a.tell("late secret: %s", lateText(p, r.Work.Session.Dir()))
	}
}

func lateText(p cofferdam.LatePath, session string) string {
	text := fmt.Sprintf("%q (%s) was ", p.Path, p.Rule)
	switch {
	case p.Hidden && p.Visible == 0:
		text += "hidden before the command could see it"
	case p.Hidden:
		text += fmt.Sprintf("visible for %s, then hidden", span(p.Visible))
	case p.Problem == late.ErrEnded.Error():
		text += fmt.Sprintf("visible for %s, until the command ended", span(p.Visible))
	default:
		text += fmt.Sprintf("visible for %s, until the end: it could not be hidden: %s", span(p.Visible), p.Problem)
	}
	if p.Kept != "" {
		text += fmt.Sprintf("; what the command had made of it is in %q", filepath.Join(session, p.Kept))
	}
	return text
}

// span is a duration as people read it.
func span(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

type lateJSON struct {
	Path      string  `json:"path"`
	PathBytes []byte  `json:"path_bytes,omitempty"`
	Rule      string  `json:"rule"`
	VisibleMS float64 `json:"visible_ms"`
	Hidden    bool    `json:"hidden"`
	Problem   string  `json:"problem,omitempty"`
	Kept      string  `json:"kept,omitempty"` // in the session's directory
}

func lateSummary(r *cofferdam.RunResult) []lateJSON {
	all := []lateJSON{}
	for _, p := range r.Late {
		j := lateJSON{Path: string(p.Path), Rule: p.Rule, VisibleMS: milliseconds(p.Visible), Hidden: p.Hidden, Problem: p.Problem, Kept: p.Kept}
		if !utf8.ValidString(j.Path) {
			j.PathBytes = []byte(j.Path)
		}
		all = append(all, j)
	}
	return all
}
