package engine

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/zricethezav/gitleaks/v8/cmd/generate/config/utils"
)

// labelled is the examples, good and bad, that gitleaks' own rules are tried on when its default config is made. They
// stand in the functions that make the rules, so they are evaluated there, with w for what is random in them.
func labelled(t testing.TB, w *writer) []string {
	t.Helper()
	pattern := filepath.Join(filepath.Dir(gitleaksFile()), "..", "cmd", "generate", "config", "rules", "*.go")
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	l := &labels{writer: w}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, l.visit)
	}
	slices.Sort(l.list)
	list := slices.Compact(l.list)
	if len(list) < 3000 {
		t.Fatalf("%d examples of gitleaks in %s, want thousands", len(list), pattern)
	}
	return list
}

// labels collects examples.
type labels struct {
	*writer
	list []string
}

func (l *labels) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		// Rules are made with keywords and expressions, which are no examples.
		name, ok := n.Key.(*ast.Ident)
		return !ok || name.Name != "Keywords"
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				e = pair.Value
			}
			l.add(e)
		}
	case *ast.CallExpr:
		l.call(n)
	}
	return true
}

func (l *labels) add(e ast.Expr) {
	if text, err := l.text(e); err == nil && text != "" {
		l.list = append(l.list, text)
	}
}

func (l *labels) call(n *ast.CallExpr) {
	switch name := called(n); {
	case name == "append":
		for _, e := range n.Args[1:] {
			l.add(e)
		}
	case name == "GenerateSampleSecrets" && len(n.Args) == 2:
		identifier, err := l.text(n.Args[0])
		value, err2 := l.text(n.Args[1])
		if errors.Join(err, err2) == nil {
			l.list = append(l.list, utils.GenerateSampleSecrets(identifier, value)...)
		}
	}
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

var errNoText = errors.New("no text that is known")

// text evaluates what examples are made of.
func (l *labels) text(e ast.Expr) (string, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strconv.Unquote(e.Value)
	case *ast.BinaryExpr:
		left, err := l.text(e.X)
		right, err2 := l.text(e.Y)
		return left + right, errors.Join(err, err2)
	case *ast.CallExpr:
		args := make([]string, len(e.Args))
		for i := range args {
			var err error
			if args[i], err = l.text(e.Args[i]); err != nil {
				return "", err
			}
		}
		return l.made(called(e), args)
	}
	return "", errNoText
}

// made is what a function makes that examples are made with.
func (l *labels) made(name string, args []string) (string, error) {
	sized := map[string]func(string) string{
		"Numeric": utils.Numeric, "Hex": utils.Hex, "AlphaNumeric": utils.AlphaNumeric, "AlphaNumericExtended": utils.AlphaNumericExtended,
		"AlphaNumericExtendedShort": utils.AlphaNumericExtendedShort, "AlphaNumericExtendedLong": utils.AlphaNumericExtendedLong,
	}
	switch f := sized[name]; {
	case f != nil && len(args) == 1:
		return f(args[0]), nil
	case name == "Hex8_4_4_4_12":
		return utils.Hex8_4_4_4_12(), nil
	case name == "NewSecret" && len(args) == 1:
		return l.matching(args[0]), nil
	case name == "GenerateSampleSecret" && len(args) == 2:
		return utils.GenerateSampleSecret(args[0], args[1]), nil
	}
	return "", errNoText
}
