package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"cofferdam/rules"
	"cofferdam/workspace"
)

// exprEngine finds what one expression matches.
type exprEngine struct{ *regexp.Regexp }

func (e exprEngine) find(_ context.Context, _ workspace.Path, text string) (list []match, err error) {
	for _, at := range e.FindAllStringIndex(text, -1) {
		list = append(list, match{rule: "expr", start: at[0], end: at[1]})
	}
	return list, nil
}

// inPieces is what is found in raw on a desk of some size.
func inPieces(t *testing.T, e engine, raw []byte, size int) []Finding {
	t.Helper()
	s := newScanner(nil, rules.NewSet(nil, nil), Options{Workers: 1})
	s.engine = func() (engine, error) { return e, nil }
	s.unpack = false
	f := &file{path: "f"}
	err := newReader(t.Context(), s).search(f, "", content{iotest.HalfReader(bytes.NewReader(raw))}, &desk{raw: make([]byte, size)}, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	return f.findings
}

// samePieces fails unless raw has the same findings in pieces as it has whole.
func samePieces(t *testing.T, e engine, raw []byte, size int) int {
	t.Helper()
	want := inPieces(t, e, raw, len(raw)+1)
	if diff := cmp.Diff(want, inPieces(t, e, raw, size), cmp.AllowUnexported(Finding{})); diff != "" {
		t.Fatalf("%d bytes in pieces of %d (-whole +pieces):\n%s", len(raw), size, diff)
	}
	return len(want)
}

// Law: what is found in a file does not depend on where its pieces end. A secret is moved over every place around the
// borders of the first pieces.
func TestSecretsAcrossPieces(t *testing.T) {
	const size = 2 << 10
	e := exprEngine{regexp.MustCompile(`\bkey[0-9]{40}\b`)}
	secret := "key" + strings.Repeat("0123456789", 4)
	line := "some text that is no secret\n"
	forms := map[string]func(string) []byte{
		"LF":       func(s string) []byte { return []byte(s) },
		"CRLF":     func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) },
		"CR":       func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r")) },
		"one line": func(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", " ")) },
		"UTF-16LE": func(s string) []byte { return utf16Bytes(s, binary.LittleEndian, true) },
		"UTF-16BE": func(s string) []byte { return utf16Bytes(strings.ReplaceAll(s, "\n", "\r\n"), binary.BigEndian, true) },
		"BOM":      func(s string) []byte { return []byte("\xef\xbb\xbf" + s) },
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			found := 0
			for at := size - size/4 - 100; at < size+100; at++ {
				text := strings.Repeat(line, 3*size/2/len(line)+1)
				text = text[:at] + " " + secret + " " + text[at:]
				found += samePieces(t, e, form(text), size)
			}
			if want := size/4 + 200; found != want {
				t.Errorf("found %d, want %d", found, want)
			}
		})
	}
}

// What has no place to cut at is cut where groups of characters begin: so base64 is decoded as in the whole.
func TestPiecesOfOneWord(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		p := piece{raw: []byte(strings.Repeat("=", random.IntN(3)) + strings.Repeat("!", random.IntN(40)) + strings.Repeat("QUJD", 4000)), overlap: 1 << 10}
		start := bytes.LastIndexByte(p.raw, '!') + 1
		if next := p.border(); (next-start)%12 != 0 || next < len(p.raw)-p.overlap-12 || next > len(p.raw)-p.overlap/2 {
			t.Errorf("a text that begins at %d of %d is cut at %d", start, len(p.raw), next)
		}
	}
}

// Law: the same for the engine that scans use, with tokens and private keys of 8 KiB.
func TestEngineAcrossPieces(t *testing.T) {
	const size = 256 << 10
	random := rand.New(rand.NewPCG(5, 5))
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var key strings.Builder
	for key.Len() < 8<<10 {
		for range 64 {
			key.WriteByte(alphabet[random.IntN(64)])
		}
		key.WriteByte('\n')
	}
	block := "-----BEGIN RSA PRIVATE " + "KEY-----\n" + key.String() + "-----END RSA PRIVATE " + "KEY-----\n"
	pad := strings.Repeat("nothing to see in this line of text\n", 2*size/36)
	for range 12 {
		at := size - size/4 - 9<<10 + random.IntN(size/4+10<<10)
		for name, secret := range map[string]string{"key": block, "token": token + "\n"} {
			raw := pad[:at] + "\n" + secret + pad[at:]
			if samePieces(t, engineForTest(), []byte(raw), size) == 0 {
				t.Fatalf("%s at %d is not found", name, at)
			}
		}
	}
}

func TestLinesAcrossPieces(t *testing.T) {
	e := exprEngine{regexp.MustCompile(`mark[0-9]+`)}
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "%*smark%d\n", i%37, "", i)
	}
	found := inPieces(t, e, []byte(b.String()), 4<<10)
	for i, f := range found {
		if f.Line != i+1 || f.Column != i%37+1 {
			t.Fatalf("finding %d is at %d:%d", i, f.Line, f.Column)
		}
	}
	if len(found) != 5000 {
		t.Errorf("found %d", len(found))
	}
}

func TestFindingsOfAFileAreBounded(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "f", strings.Repeat("secret\n", maxFindings+1))
	r := scanWith(t, open(t, dir), Options{}, exprEngine{regexp.MustCompile("secret")})
	if len(r.Findings) != maxFindings || len(r.Incomplete) != 1 || r.Find("f").Reason != errTooMany.Error() {
		t.Errorf("%d findings, incomplete %v", len(r.Findings), r.Incomplete)
	}
}

// Law: the same findings in pieces for any text.
func FuzzPieces(f *testing.F) {
	f.Add([]byte("key0123456789 \r\n"), uint16(3), uint16(100))
	f.Add(utf16Bytes("key0123456789 \n", binary.LittleEndian, true), uint16(3), uint16(500))
	f.Add([]byte("k\x00e\x00y\x000\x001\x002\x003\x004\x005\x006\x007\x008\x009\x00"), uint16(3), uint16(500))
	e := exprEngine{regexp.MustCompile(`key[0-9]{1,10}`)}
	f.Fuzz(func(t *testing.T, unit []byte, shift, times uint16) {
		raw := bytes.Repeat([]byte{'.'}, int(shift)%64)
		raw = append(raw, bytes.Repeat(unit, min(int(times), 64<<10/max(len(unit), 1)))...)
		samePieces(t, e, raw, 4<<10)
	})
}
