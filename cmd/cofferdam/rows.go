package main

import (
	"unicode/utf8"

	"cofferdam/apply"
	"cofferdam/change"
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

// diffHead is what diff says in JSON beside the changes.
type diffHead struct {
	Session   string    `json:"session"`
	Digest    string    `json:"digest"`
	Conflicts []pathRow `json:"conflicts"`
	Refused   []pathRow `json:"refused"`
}

// planJSON is what apply --dry-run says: what would land.
type planJSON struct {
	Version   int       `json:"version"`
	Session   string    `json:"session"`
	Digest    string    `json:"digest"`
	Land      []pathRow `json:"land"`
	Kept      []pathRow `json:"kept"`
	Refused   []pathRow `json:"refused"`
	Conflicts []pathRow `json:"conflicts"`
}

func planRows(id string, p *apply.Plan) planJSON {
	return planJSON{1, id, p.Digest, opRows(p.Ops), keptRows(p.Kept), refusalRows(p.Refused), conflictRows(p.Conflicts)}
}

// resultJSON is what apply and undo say.
type resultJSON struct {
	Version int       `json:"version"`
	Session string    `json:"session"`
	Landed  []pathRow `json:"landed"`
	Kept    []pathRow `json:"kept"`
	Refused []pathRow `json:"refused"`
	Skipped []pathRow `json:"skipped"`
	Notes   []pathRow `json:"notes"`
}

func resultRows(id string, r *apply.Result) resultJSON {
	return resultJSON{1, id, changeRows(r.Landed), keptRows(r.Kept), refusalRows(r.Refused), conflictRows(r.Skipped), noteRows(r.Notes)}
}
