package cofferdam

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"cofferdam/placeholder"
	"cofferdam/redact"
	"cofferdam/session"
	"cofferdam/workspace"
)

// The state files of a session about what its view shows with placeholders. The values are in none of them.
const (
	redactionsFile = "redactions.json"
	keyFile        = "key.json"
)

// redactions is what a session knows of the placeholders in its view.
type redactions struct {
	Key  placeholder.Key
	Book *redact.Book
}

// newRedactions is those of a new session.
func newRedactions() redactions {
	return redactions{placeholder.RandomKey(), &redact.Book{Version: redact.BookVersion}}
}

// save keeps them. Where nothing was redacted there is nothing to keep.
func (r redactions) save(s *session.Session) error {
	if len(r.Book.Files) == 0 {
		return nil
	}
	secret := r.Key.Reveal()
	return errors.Join(s.SaveJSON(keyFile, hex.EncodeToString(secret[:])), s.SaveJSON(redactionsFile, r.Book))
}

// loadRedactions reads what save kept.
func loadRedactions(s *session.Session) (redactions, error) {
	r := redactions{Book: &redact.Book{Version: redact.BookVersion, Files: map[workspace.Path]*placeholder.Record{}}}
	err := s.LoadJSON(redactionsFile, r.Book)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if r.Book.Version != redact.BookVersion {
		return r, fmt.Errorf("load %s of session %s: version %d; this program reads %d", redactionsFile, s.ID, r.Book.Version, redact.BookVersion)
	}
	var text string
	if err := s.LoadJSON(keyFile, &text); err != nil {
		return r, err
	}
	secret, err := hex.DecodeString(text)
	if err != nil || len(secret) != 32 {
		return r, fmt.Errorf("load %s of session %s: it is no key", keyFile, s.ID)
	}
	r.Key = placeholder.NewKey([32]byte(secret))
	return r, nil
}
