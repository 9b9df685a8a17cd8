package session

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Log is a state file that grows by a line a value.
type Log struct{ file *os.File }

// OpenLog opens a log to add to it.
func (s *Session) OpenLog(name string) (*Log, error) {
	f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return &Log{f}, nil
}

// Append adds v as JSON. When it returns, the line outlives this process, though not yet the machine.
func (l *Log) Append(v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		_, err = l.file.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// Close makes the log durable.
func (l *Log) Close() error { return errors.Join(l.file.Sync(), l.file.Close()) }

// ReadLog hands each line of a log to take; none where there is no such log. A last line that was cut short is left out.
func (s *Session) ReadLog(name string, take func(line []byte) error) error {
	f, err := os.Open(filepath.Join(s.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	defer f.Close()
	for r := bufio.NewReader(f); ; {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = take(line)
		}
		if err != nil {
			return fmt.Errorf("read log %s of session %s: %w", name, s.ID, err)
		}
	}
}
