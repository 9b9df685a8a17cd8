package cofferdam

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house says which rooms of this module each room may import, internal/ apart, which everyone may. It is the table of
// docs/architecture.md; imports point down, never sideways.
var house = map[string][]string{
	"cmd/cofferdam": {".", "change", "gitview", "late", "overlay", "patch", "placeholder", "report", "rules", "sandbox", "scan", "session", "stage", "apply", "workspace"},
	".":             {"apply", "change", "gitview", "late", "overlay", "patch", "placeholder", "redact", "report", "rules", "sandbox", "scan", "session", "stage", "workspace"},
	"apply":         {"change", "placeholder", "redact", "rules", "scan", "workspace"},
	"patch":         {"change", "workspace"},
	"report":        {"rules", "scan", "workspace"},
	"sandbox":       {"overlay"},
	"session":       {"workspace"},
	"stage":         {"change", "overlay", "placeholder", "redact", "rules", "scan", "workspace"},
	"gitview":       {"workspace"},
	"late":          {"watch", "workspace"},
	"watch":         {"workspace"},
	"overlay":       {"change", "workspace"},
	"placeholder":   {},
	"redact":        {"placeholder", "rules", "scan", "workspace"},
	"scan":          {"placeholder", "rules", "workspace"},
	"change":        {"workspace"},
	"rules":         {"placeholder", "workspace"},
	"workspace":     {},

	"internal/formats": {"placeholder", "redact", "rules", "scan", "workspace"}, // only tests import it
}

// The sources are parsed here, and not listed by the go command, because the test cache does not know what a child
// process read and would go on saying yes.
func TestImportsPointDown(t *testing.T) {
	const module = "cofferdam"
	seen := map[string]bool{}
	eachGoFile(t, func(file string) {
		room := roomOf(file)
		allowed, known := house[room]
		if !known && !strings.HasPrefix(room, "internal/") {
			t.Errorf("%s: room %s is not in the table", file, room)
		}
		seen[room] = true
		for _, imported := range imports(t, file) {
			target, ours := strings.CutPrefix(imported, module+"/")
			if imported == module {
				target, ours = ".", true
			}
			target = roomOf(target + "/x.go")
			if !ours || strings.HasPrefix(target, "internal/") || slices.Contains(allowed, target) || target == room {
				continue
			}
			t.Errorf("%s imports %s; %s may import %v and internal", file, target, room, allowed)
		}
	})
	for room := range house {
		if !seen[room] {
			t.Errorf("the table names %s, which has no Go file", room)
		}
	}
}

// gitleaks is slow to load and logs what it decodes: only tests and generators know it, and never the binary.
func TestGitleaksStaysOutOfTheBinary(t *testing.T) {
	eachGoFile(t, func(file string) {
		apart := strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "scan/internal/") || strings.HasPrefix(file, "scan/builtin/generate/")
		for _, imported := range imports(t, file) {
			if strings.Contains(imported, "gitleaks") && !apart {
				t.Errorf("%s imports %s", file, imported)
			}
		}
	})
}

func TestEveryRoomIsDescribed(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for room := range house {
		if !strings.Contains(string(text), "`"+room+"`") && room != "." {
			t.Errorf("docs/architecture.md does not describe %s", room)
		}
		if room != "." && !hasPackageComment(t, room) {
			t.Errorf("%s has no package comment", room)
		}
	}
}

// roomOf is the room that a file belongs to; packages below a room, such as generators of its data, are part of it.
func roomOf(file string) string {
	dir := path.Dir(file)
	for at := dir; at != "."; at = path.Dir(at) {
		if _, known := house[at]; known {
			return at
		}
	}
	return dir
}

func eachGoFile(t *testing.T, visit func(file string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "examples" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") {
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}

func hasPackageComment(t *testing.T, room string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(room, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		return err == nil && f.Doc != nil && !strings.HasSuffix(file, "_test.go")
	})
}
