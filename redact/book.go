package redact

import (
	"cofferdam/placeholder"
	"cofferdam/workspace"
)

// Book is what a session keeps of the files that its view shows with placeholders: no value, and of their texts only where
// the placeholders stand. The texts are files of the session's mask, at the paths of the project's.
type Book struct {
	Version int                                    `json:"version"`
	Files   map[workspace.Path]*placeholder.Record `json:"files"`
}

// BookVersion is the version of a Book.
const BookVersion = 1

// Set is the tokens of all files.
func (b *Book) Set() *placeholder.Set {
	records := make([]*placeholder.Record, 0, len(b.Files))
	for _, r := range b.Files {
		records = append(records, r)
	}
	return placeholder.NewSet(records...)
}
