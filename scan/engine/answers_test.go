package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/zricethezav/gitleaks/v8/detect"

	"cofferdam/rules/secret"
)

// bothDepths is what texts are compared at: as they are, and decoded as often as gitleaks does by itself.
var bothDepths = [2]int{0, 5}

// answer is what gitleaks found in a text at one depth. It holds no part of the text.
type answer struct {
	failed bool // it panicked
	list   []trace
}

// trace stands for one finding.
type trace struct {
	digest  uint64 // of everything but the entropy, whose last digit is not steady
	entropy float32
}

func newAnswer(list []found) answer {
	a := answer{list: make([]trace, len(list))}
	for i := range list {
		a.list[i] = trace{digest: digest(&list[i]), entropy: float32(list[i].Entropy)}
	}
	return a
}

func (a answer) equal(b answer) bool {
	if a.failed != b.failed || len(a.list) != len(b.list) {
		return false
	}
	for i, p := range a.list {
		if !p.equal(b.list[i]) {
			return false
		}
	}
	return true
}

func (p trace) equal(q trace) bool {
	return p.digest == q.digest && math.Abs(float64(p.entropy)-float64(q.entropy)) < 1e-4
}

func digest(f *found) uint64 {
	h := sha256.New()
	texts := append([]string{f.Rule, f.Match, f.Secret, f.Line}, f.Tags...)
	for _, text := range texts {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text))))
		h.Write([]byte(text))
	}
	for _, n := range []int{f.StartLine, f.EndLine, f.StartColumn, f.EndColumn, len(f.Tags), len(f.Required)} {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	}
	for i := range f.Required {
		h.Write(binary.LittleEndian.AppendUint64(nil, digest(&f.Required[i])))
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// answers keeps what gitleaks said, at both depths, by what it was asked. It costs gitleaks a hundred times what it costs
// the engine, so that only the first of many runs can wait for it.
type answers struct {
	salt []byte // what the answers depend on besides path and text

	mu    sync.Mutex
	known map[string][2]answer
	file  *os.File // nil for none
}

// newAnswers continues the file of that name in the directory that COFFERDAM_SCAN_ORACLE names, if it names one. A line
// that a run was stopped in the middle of is dropped.
func newAnswers(t testing.TB, name string, cfg *secret.Config) *answers {
	t.Helper()
	a := &answers{known: map[string][2]answer{}, salt: oracleSalt(cfg)}
	dir := os.Getenv("COFFERDAM_SCAN_ORACLE")
	if dir == "" {
		return a
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	if err := file.Truncate(int64(whole)); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text[:whole])) {
		a.read(t, line)
	}
	a.file = file
	return a
}

// oracleSalt changes with what gitleaks gets of the rules, and with its version, which is in the name of its directory.
func oracleSalt(cfg *secret.Config) []byte {
	h := sha256.New()
	_, version, _ := strings.Cut(gitleaksFile(), "/zricethezav/")
	fmt.Fprintf(h, "%q\n", version)
	saltLists(h, cfg.Allowlists)
	for i := range cfg.Rules {
		r := &cfg.Rules[i]
		fmt.Fprintf(h, "%q %q %q %d %g %q %q %t %v\n", r.ID, r.Regex, r.Path, r.SecretGroup, r.Entropy, r.Keywords, r.Tags, r.SkipReport, r.Required)
		saltLists(h, r.Allowlists)
	}
	return h.Sum(nil)
}

func saltLists(w io.Writer, lists []secret.Allowlist) {
	for i := range lists {
		a := &lists[i]
		fmt.Fprintf(w, "%t %q %q %q %q %q\n", a.All, a.Commits, a.Paths, a.Regexes, a.Target, a.StopWords)
	}
}

// gitleaksFile is one of the source files of its package detect.
func gitleaksFile() string {
	function := runtime.FuncForPC(reflect.ValueOf(detect.NewDetector).Pointer())
	name, _ := function.FileLine(function.Entry())
	return name
}

func (a *answers) read(t testing.TB, line string) {
	t.Helper()
	var list [2]answer
	words := strings.Fields(line)
	ok := len(words) == len(list)+1
	for i := range list {
		ok = ok && list[i].parse(words[i+1])
	}
	if !ok {
		t.Fatalf("kept answers hold a line of %d bytes that is none", len(line))
	}
	a.known[words[0]] = list
}

func (a *answers) key(path, text string) string {
	h := sha256.New()
	h.Write(a.salt)
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(path))))
	h.Write([]byte(path))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (a *answers) get(key string) ([2]answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list, ok := a.known[key]
	return list, ok
}

func (a *answers) put(key string, list [2]answer) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[key] = list
	if a.file == nil {
		return nil
	}
	_, err := fmt.Fprintf(a.file, "%s %s %s\n", key, list[0], list[1])
	return err
}

func (a answer) String() string {
	if a.failed {
		return "!"
	}
	words := []string{"-"}
	for _, p := range a.list {
		words = append(words, fmt.Sprintf("%016x:%08x", p.digest, math.Float32bits(p.entropy)))
	}
	return strings.Join(words, ",")
}

func (a *answer) parse(word string) bool {
	if word == "!" {
		a.failed = true
		return true
	}
	word, ok := strings.CutPrefix(word, "-")
	for word != "" && ok {
		var p trace
		var bits uint32
		_, err := fmt.Sscanf(word[:min(len(word), 26)], ",%16x:%8x", &p.digest, &bits)
		p.entropy = math.Float32frombits(bits)
		a.list = append(a.list, p)
		ok, word = err == nil, word[min(len(word), 26):]
	}
	return ok
}
