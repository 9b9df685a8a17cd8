package formats

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"cofferdam/internal/need"
)

// Parsers reads files with programs that know nothing of this project.
type Parsers struct {
	t            *testing.T
	python, node *reader
}

// NewParsers starts the programs, which end with the test. It needs python3 with yaml, node, git, and for dotenv files
// python's dotenv or node's own parser.
func NewParsers(t *testing.T) *Parsers {
	t.Helper()
	need.Program(t, "git")
	p := &Parsers{t, newReader(t, need.Program(t, "python3"), "-c", programPython), newReader(t, need.Program(t, "node"), "-e", programNode)}
	for parser, lane := range map[string]string{"yaml": "python3-yaml", "dotenv": "python3-dotenv"} {
		_, err := p.Parse(parser, []byte("{}"))
		var missing *missingError
		if errors.As(err, &missing) {
			need.Nil(t, lane, err)
		}
	}
	return p
}

// Parse is what parser reads in raw: maps, lists and scalars as encoding/json has them. Where several programs read a
// format, it is a list of what each of them does. Errors hold no text of raw.
func (p *Parsers) Parse(parser string, raw []byte) (any, error) {
	switch parser {
	case "go":
		return goTokens(raw)
	case "gitconfig":
		return p.gitConfig(raw)
	case "js", "jsonc":
		return p.node.read(parser, raw)
	case "json":
		if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
			return p.python.read(parser, raw) // node knows no UTF-16
		}
		return both(p.python, p.node, parser, raw)
	case "dotenv":
		return either(p.python, p.node, parser, raw)
	case "toml":
		var tree any
		if err := toml.Unmarshal(raw, &tree); err != nil {
			return nil, errors.New("go-toml does not read it")
		}
	case "shell":
		if err := p.run(raw, "bash", "-n"); err != nil {
			return nil, err
		}
	}
	return p.python.read(parser, raw)
}

func both(a, b *reader, parser string, raw []byte) (any, error) {
	first, err := a.read(parser, raw)
	if err != nil {
		return nil, err
	}
	second, err := b.read(parser, raw)
	return []any{first, second}, err
}

// either is what those read that have the parser; one has to.
func either(a, b *reader, parser string, raw []byte) (any, error) {
	first, errA := a.read(parser, raw)
	second, errB := b.read(parser, raw)
	var missing *missingError
	switch {
	case errors.As(errA, &missing) && errors.As(errB, &missing):
		return nil, errB
	case errors.As(errA, &missing):
		return []any{second}, errB
	case errors.As(errB, &missing):
		return []any{first}, errA
	}
	return []any{first, second}, errors.Join(errA, errB)
}

func (p *Parsers) file(raw []byte) (string, error) {
	path := filepath.Join(p.t.TempDir(), "file")
	return path, os.WriteFile(path, raw, 0o600)
}

func (p *Parsers) run(raw []byte, program string, args ...string) error {
	path, err := p.file(raw)
	if err != nil {
		return err
	}
	if err := exec.CommandContext(p.t.Context(), program, append(args, path)...).Run(); err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return nil
}

// gitConfig is a list of names and values.
func (p *Parsers) gitConfig(raw []byte) (any, error) {
	path, err := p.file(raw)
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(p.t.Context(), "git", "config", "-f", path, "--list", "-z").Output()
	if err != nil {
		return nil, fmt.Errorf("git config: %w", err)
	}
	var tree []any
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		name, value, _ := strings.Cut(entry, "\n")
		tree = append(tree, []any{name, value})
	}
	return tree, nil
}

// goTokens is the names and the literals of a Go file.
func goTokens(raw []byte) (any, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", raw, parser.SkipObjectResolution)
	if err != nil {
		return nil, errors.New("go/parser does not read it")
	}
	var tree []any
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			tree = append(tree, n.Name)
		case *ast.BasicLit:
			text := n.Value
			if unquoted, err := strconv.Unquote(text); err == nil {
				text = unquoted
			}
			tree = append(tree, []any{n.Kind.String(), text})
		}
		return true
	})
	return tree, nil
}
