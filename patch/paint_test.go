package patch

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTerminal(t *testing.T) {
	p := newPair(t,
		tree{"x": file("one\n\ttwo\x1b[2J\n"), "bin": file("\x00")},
		tree{"x": file("one\n\ttwo\u202e\xff\r\n"), "bin": file("\x00\x01"), "\x1b]0;": file("\u200b")})
	want := `diff --git "a/\033]0;" "b/\033]0;"
new file mode 100644
index 0000000..70aa016
--- /dev/null
+++ "b/\033]0;"
@@ -0,0 +1 @@
+\u200b
\ No newline at end of file
diff --git a/bin b/bin
index f76dd23..4a5a1eb 100644
Binary files a/bin and b/bin differ
diff --git a/x b/x
index 0a0ff7d..a65ae3c 100644
--- a/x
+++ b/x
@@ -1,2 +1,2 @@
 one
-	two\x1b[2J
+	two\u202e\xff\x0d
`
	ids := regexp.MustCompile(`(?m)^index [0-9a-f]{7}\.\.[0-9a-f]{7}`)
	hide := func(text string) string { return ids.ReplaceAllString(text, "index") }
	got := string(p.write(t, Options{Terminal: true}))
	if diff := cmp.Diff(hide(want), hide(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	coloured := string(p.write(t, Options{Terminal: true, Color: true}))
	plain := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(coloured, "")
	if diff := cmp.Diff(got, plain); diff != "" {
		t.Errorf("colour changes the text\n%s", diff)
	}
	if !strings.Contains(coloured, "\x1b[31m-\ttwo\\x1b[2J\x1b[m\n") {
		t.Errorf("no red line in %q", coloured)
	}
}
