package main

import (
	"slices"
	"unicode/utf8"

	"cofferdam/apply"
	"cofferdam/change"
	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// pathRow is a path with what is to be said of it, as JSON has it.
type pathRow struct {
	Path      string `json:"path"`
	PathBytes []byte `json:"path_bytes,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Why       string `json:"why,omitempty"`
}

func newRow(path workspace.Path, kind, why string) pathRow {
	row := pathRow{Path: string(path), Kind: kind, Why: why}
	if !utf8.ValidString(row.Path) {
		row.PathBytes = []byte(row.Path)
	}
	return row
}

func rowsOf[T any](items []T, row func(T) pathRow) []pathRow {
	rows := make([]pathRow, 0, len(items))
	for _, item := range items {
		rows = append(rows, row(item))
	}
	return rows
}

func conflictRows(all []apply.Conflict) []pathRow {
	return rowsOf(all, func(c apply.Conflict) pathRow { return newRow(c.Path, c.Kind.String(), c.Detail) })
}

func refusalRows(all []apply.Refusal) []pathRow {
	return rowsOf(all, func(r apply.Refusal) pathRow { return newRow(r.Path, "", r.Why) })
}

func heldRows(all []apply.Held) []pathRow {
	return rowsOf(all, func(h apply.Held) pathRow { return newRow(h.Path, "", h.Why) })
}

// secretRow is what becomes of one secret value, or of what stands for it.
type secretRow struct {
	pathRow
	Where   apply.Where `json:"where"`
	Name    string      `json:"name"`
	Token   string      `json:"token,omitempty"`
	Damage  string      `json:"damage,omitempty"`
	Line    int         `json:"line,omitempty"`
	Column  int         `json:"column,omitempty"`
	Rotated bool        `json:"rotated,omitempty"`
	Held    bool        `json:"held"`
	Asks    bool        `json:"asks"` // it lands where its kind is accepted
}

func secretRows(all []apply.SecretEvent) []secretRow {
	rows := make([]secretRow, 0, len(all))
	for _, e := range all {
		row := secretRow{newRow(e.Path, string(e.Kind), e.What()), e.Where, e.Name, e.Token, "", e.Line, e.Column, e.Rotated, e.Held, e.Kind.Asks()}
		if e.Damage != placeholder.Whole {
			row.Damage = e.Damage.String()
		}
		rows = append(rows, row)
	}
	return rows
}

func keptRows(all []apply.Kept) []pathRow {
	return rowsOf(all, func(k apply.Kept) pathRow { return newRow(k.Path, "", k.Why) })
}

func noteRows(all []apply.Note) []pathRow {
	return rowsOf(all, func(n apply.Note) pathRow { return newRow(n.Path, "", n.Text) })
}

func changeRows(all []change.Change) []pathRow {
	return rowsOf(all, func(c change.Change) pathRow { return newRow(c.Path, c.Kind.String(), "") })
}

func opRows(all []apply.Op) []pathRow {
	return rowsOf(all, func(o apply.Op) pathRow { return newRow(o.Path, o.Kind.String(), "") })
}

// mergedRows is what lands with edits of the project in it.
func mergedRows(all []apply.Op) []pathRow {
	return opRows(slices.DeleteFunc(slices.Clone(all), func(o apply.Op) bool { return !o.Merged }))
}

// diffHead is what diff says in JSON beside the changes.
type diffHead struct {
	Session   string      `json:"session"`
	Digest    string      `json:"digest"`
	Conflicts []pathRow   `json:"conflicts"`
	Refused   []pathRow   `json:"refused"`
	Held      []pathRow   `json:"held"`
	Secrets   []secretRow `json:"secrets"`
}

// planJSON is what apply --dry-run says: what would land.
type planJSON struct {
	Version   int         `json:"version"`
	Session   string      `json:"session"`
	Digest    string      `json:"digest"`
	Land      []pathRow   `json:"land"`
	Kept      []pathRow   `json:"kept"`
	Refused   []pathRow   `json:"refused"`
	Conflicts []pathRow   `json:"conflicts"`
	Merged    []pathRow   `json:"merged"`
	Held      []pathRow   `json:"held"`
	Secrets   []secretRow `json:"secrets"`
}

func planRows(id string, p *apply.Plan) planJSON {
	return planJSON{1, id, p.Digest, opRows(p.Ops), keptRows(p.Kept), refusalRows(p.Refused), conflictRows(p.Conflicts), mergedRows(p.Ops), heldRows(p.Held), secretRows(p.Secrets)}
}

// resultJSON is what apply and undo say.
type resultJSON struct {
	Version int         `json:"version"`
	Session string      `json:"session"`
	Landed  []pathRow   `json:"landed"`
	Kept    []pathRow   `json:"kept"`
	Refused []pathRow   `json:"refused"`
	Skipped []pathRow   `json:"skipped"`
	Notes   []pathRow   `json:"notes"`
	Held    []pathRow   `json:"held"`
	Secrets []secretRow `json:"secrets"`
}

func resultRows(id string, r *apply.Result) resultJSON {
	return resultJSON{1, id, changeRows(r.Landed), keptRows(r.Kept), refusalRows(r.Refused), conflictRows(r.Skipped), noteRows(r.Notes), heldRows(r.Held), secretRows(r.Secrets)}
}
