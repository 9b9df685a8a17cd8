package formats

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var (
	//go:embed parse.py
	programPython string
	//go:embed parse.js
	programNode string
)

// reader is a program that answers a line for each line.
type reader struct {
	in  *json.Encoder
	out *json.Decoder
}

func newReader(t *testing.T, program string, args ...string) *reader {
	t.Helper()
	cmd := exec.Command(program, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", filepath.Base(program), err)
		}
	})
	return &reader{json.NewEncoder(in), json.NewDecoder(out)}
}

// missingError is that a program has no such parser.
type missingError struct{ module string }

func (e *missingError) Error() string { return "there is no " + e.module }

func (r *reader) read(parser string, raw []byte) (any, error) {
	var answer struct {
		Tree           any
		Missing, Error string
	}
	request := struct {
		Parser string `json:"parser"`
		Raw    []byte `json:"raw"`
	}{parser, raw}
	if err := errors.Join(r.in.Encode(request), r.out.Decode(&answer)); err != nil {
		return nil, fmt.Errorf("BUG: %w", err)
	}
	switch {
	case answer.Missing != "":
		return nil, &missingError{answer.Missing}
	case answer.Error != "":
		return nil, errors.New(answer.Error)
	}
	return answer.Tree, nil
}
