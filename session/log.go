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

// Log is a state file that grows by a line a value. It is for one goroutine.
type Log struct {
	path string
	file *os.File // nil before the first line
}

// Log is the log of that name, which the first line makes.
func (s *Session) Log(name string) *Log { return &Log{path: filepath.Join(s.dir, name)} }

// Append adds v as JSON. When it returns, the line outlives this process, though not yet the machine.
func (l *Log) Append(v any) error {
	text, err := json.Marshal(v)
	if err == nil && l.file == nil {
		l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	}
	if err == nil {
		_, err = l.file.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// Close makes the log durable.
func (l *Log) Close() error {
	if l.file == nil {
		return nil
	}
	return errors.Join(l.file.Sync(), l.file.Close())
}

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
