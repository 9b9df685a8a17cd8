package linediff

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cofferdam/internal/need"
)

// patch is the edits of one file as git reads them.
func patch(edits []Edit, old, now Text, context int) []byte {
	var b bytes.Buffer
	b.WriteString("diff --git a/f b/f\n--- a/f\n+++ b/f\n")
	put := func(mark byte, t Text, r Range) {
		for line := range bytes.Lines(t.Lines(r)) {
			b.WriteByte(mark)
			b.Write(line)
			if line[len(line)-1] != '\n' {
				b.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	first := func(r Range) int { // An empty range is named by the line before it.
		return r.Start + min(1, r.Len())
	}
	for _, h := range Hunks(edits, old.Len(), now.Len(), context) {
		fmt.Fprintf(&b, "@@ -%d,%d +%d,%d @@\n", first(h.Old), h.Old.Len(), first(h.New), h.New.Len())
		at := h.Old.Start
		for _, e := range h.Edits {
			put(' ', old, Range{at, e.Old.Start})
			put('-', old, e.Old)
			put('+', now, e.New)
			at = e.Old.End
		}
		put(' ', old, Range{at, h.Old.End})
	}
	return b.Bytes()
}

// git applies the edits, with context and without, and has the new text.
func TestGitAppliesDiff(t *testing.T) {
	git := need.Program(t, "git")
	r := rand.New(rand.NewPCG(9, 10))
	for range 60 {
		text := sourceText(r, 1+r.IntN(300))
		old, now := join(text), join(edited(r, text, 1+r.IntN(20)))
		if r.IntN(4) == 0 {
			old = bytes.ReplaceAll(old, []byte("}\n"), []byte("}\r\n"))
		}
		if r.IntN(3) == 0 {
			old = bytes.TrimSuffix(old, newline)
		}
		if r.IntN(3) == 0 {
			now = bytes.TrimSuffix(now, newline)
		}
		a, b := NewText(old), NewText(now)
		edits := Diff(a, b)
		for context, option := range map[int]string{3: "--verbose", 0: "--unidiff-zero"} {
			if len(edits) > 0 {
				applies(t, git, option, old, now, patch(edits, a, b, context))
			}
		}
	}
}

func applies(t *testing.T, git, option string, old, now, patch []byte) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(git, "apply", "--whitespace=nowarn", option, "-")
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(patch)
	cmd.Env = []string{"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir)}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply %s: %v: %s\n%s", option, err, out, patch)
	}
	got, err := os.ReadFile(filepath.Join(dir, "f"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, now) {
		t.Fatalf("git apply %s makes\n%q\nwant\n%q\nof\n%s", option, got, now, patch)
	}
}
