package diff3

import (
	"fmt"
	"strings"
	"testing"
)

var marks = []Marks{{Ours: "ours", Theirs: "theirs"}, {Ours: "a b", Base: "base", Theirs: "c", WithBase: true}, {}}

// checkMarked fails unless both sides can be read back from the marked text.
func checkMarked(t *testing.T, r Result) {
	t.Helper()
	for _, m := range marks {
		marked := string(r.Marked(m))
		read := readMarked(t, marked, r.MarkerSize())
		if read.ours != string(r.Resolved(Ours)) || read.theirs != string(r.Resolved(Theirs)) {
			t.Fatalf("%q holds %q and %q, want %q and %q", marked, read.ours, read.theirs, r.Resolved(Ours), r.Resolved(Theirs))
		}
		var base strings.Builder
		for g := range r.Conflicts() {
			base.Write(g.Base.Text)
		}
		if m.WithBase && read.base != base.String() {
			t.Fatalf("%q holds %q of base, want %q", marked, read.base, base.String())
		}
	}
}

// sides is what stands in a marked text: base has the lines in conflict only.
type sides struct{ ours, base, theirs string }

// reader reads a marked text as any tool would: by the markers alone.
type reader struct {
	size int
	sides
	now  strings.Builder // what is read of the text that the last marker began
	ends map[byte]string
}

func readMarked(t *testing.T, text string, size int) sides {
	t.Helper()
	r := reader{size: size}
	at := byte(' ')
	for line := range strings.Lines(text) {
		mark := r.mark(line)
		if mark == 0 || !strings.ContainsRune(map[byte]string{' ': "<", '<': "|=", '|': "=", '=': ">"}[at], rune(mark)) {
			r.now.WriteString(line)
			continue
		}
		r.close(at, line)
		r.open(mark, line)
		at = mark
		if mark == '>' {
			r.close('>', line)
			at = ' '
		}
	}
	if at != ' ' {
		t.Fatalf("%q ends inside a conflict", text)
	}
	r.close(at, "")
	return r.sides
}

// mark is the character of a line that is a marker, and 0 of any other.
func (r *reader) mark(line string) byte {
	rest := strings.TrimLeft(line, line[:1])
	if len(line)-len(rest) != r.size || !strings.Contains("<|=>", line[:1]) || rest != "" && !strings.Contains(" \t\r\n", rest[:1]) {
		return 0
	}
	return line[0]
}

// open notes whether the text that the marker begins had no line feed at its end, and which it was given.
func (r *reader) open(mark byte, line string) {
	if r.ends == nil || mark == '<' {
		r.ends = map[byte]string{}
	}
	if body := strings.TrimRight(line, "\r\n"); strings.HasSuffix(body, noFinalNewline) {
		r.ends[mark] = line[len(body):]
	}
}

// close files what was read under the text that mark began. The note on theirs stands behind it.
func (r *reader) close(mark byte, line string) {
	text := r.now.String()
	r.now.Reset()
	switch mark {
	case ' ':
		r.ours += text
		r.theirs += text
	case '<':
		r.ours += strings.TrimSuffix(text, r.ends['<'])
	case '|':
		r.base += strings.TrimSuffix(text, r.ends['|'])
	case '=':
		r.open('>', line)
		r.theirs += strings.TrimSuffix(text, r.ends['>'])
	}
}

func TestMarked(t *testing.T) {
	labels := Marks{Ours: "host", Base: "before", Theirs: "agent"}
	withBase := labels
	withBase.WithBase = true
	for _, tt := range []struct {
		name, base, ours, theirs string
		marks                    Marks
		want                     string
	}{
		{"no conflict", "a\n", "b\n", "a\n", labels, "b\n"},
		{"conflict", lines("abc"), lines("axc"), lines("ayc"), labels, "a\n<<<<<<< host\nx\n=======\ny\n>>>>>>> agent\nc\n"},
		{"with base", lines("b"), lines("x"), lines("y"), withBase, "<<<<<<< host\nx\n||||||| before\nb\n=======\ny\n>>>>>>> agent\n"},
		{"without labels", lines("b"), lines("x"), lines("y"), Marks{}, "<<<<<<<\nx\n=======\ny\n>>>>>>>\n"},
		{"label with line breaks", lines("b"), lines("x"), lines("y"), Marks{Ours: "a\r\nb", Theirs: "\n"}, "<<<<<<< a  b\nx\n=======\ny\n>>>>>>>\n"},
		{"one side gone", lines("b"), "", lines("y"), labels, "<<<<<<< host\n=======\ny\n>>>>>>> agent\n"},
		{
			"carriage returns", "a\r\nb\r\n", "a\r\nx\r\n", "a\r\ny\r\n", labels,
			"a\r\n<<<<<<< host\r\nx\r\n=======\r\ny\r\n>>>>>>> agent\r\n",
		},
		{"carriage returns above", "a\r\nb", "a\r\nx", "a\r\ny", Marks{}, "a\r\n" +
			"<<<<<<< (no newline at end of file)\r\nx\r\n=======\r\ny\r\n>>>>>>> (no newline at end of file)\r\n"},
		{"carriage returns on one side", "b\r\nc\n", "x\r\nc\n", "y\nc\n", Marks{}, "<<<<<<<\nx\r\n=======\ny\n>>>>>>>\nc\n"},
		{
			"only the final newline", "a\n", "b", "b\n", labels,
			"<<<<<<< host (no newline at end of file)\nb\n=======\nb\n>>>>>>> agent\n",
		},
		{
			"markers in the text", "a\n", "=======\n", "b\n", Marks{},
			"<<<<<<<<\n=======\n========\nb\n>>>>>>>>\n",
		},
		{"no markers in the text", "======== \n=======\na\n", "======== \n=======\n=======a\n", "======== \n=======\nb\n", Marks{}, "======== \n=======\n" +
			"<<<<<<<\n=======a\n=======\nb\n>>>>>>>\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := check(t, tt.base, tt.ours, tt.theirs)
			if got := string(r.Marked(tt.marks)); got != tt.want {
				t.Errorf("Marked = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMarkerSize(t *testing.T) {
	for _, tt := range []struct {
		name, side string
		want       int
	}{
		{"plain", "a\n", 7},
		{"six", "======\n", 7},
		{"seven", "<<<<<<< a\n", 8},
		{"seven at the end", "a\n>>>>>>>", 8},
		{"seven and carriage return", "|||||||\r\n", 8},
		{"seven and eight", "=======\n========\n", 9},
		{"eight leaves seven", "========\n", 7},
		{"seven that go on", "=======a\n", 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, texts := range [][3]string{{"", tt.side, "x\n"}, {"", "x\n", tt.side}, {tt.side, "x\n", "y\n"}} {
				if got := check(t, texts[0], texts[1], texts[2]).MarkerSize(); got != tt.want {
					t.Errorf("MarkerSize of %q = %d, want %d", texts, got, tt.want)
				}
			}
		})
	}
}

func ExampleResult_Marked() {
	r := Merge([]byte("port = 1\nhost = a\n"), []byte("port = 2\nhost = a\n"), []byte("port = 3\nhost = a\nuser = b\n"), Options{})
	for g := range r.Conflicts() {
		fmt.Println("conflict at", g.Ours, "and", g.Theirs)
	}
	fmt.Print(string(r.Marked(Marks{Ours: "workspace", Theirs: "session"})))
	// Output:
	// conflict at 1 and 1
	// <<<<<<< workspace
	// port = 2
	// =======
	// port = 3
	// >>>>>>> session
	// host = a
	// user = b
}
