package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every way in which the file source of gitleaks passes a file over, and some more. The token is found in each.
func TestNothingIsSkipped(t *testing.T) {
	line := "token = \"" + token + "\"\n"
	filler := strings.Repeat("nothing to see in this line of text\n", 300_000)
	packed := zipped(t, "conf/.env", line)
	tests := []struct{ name, path, content string }{
		{"ordinary", "a.txt", line},
		{"name with .br in it", "app.browser.ts", line},
		{"name with .tar in it", "Directory.Build.targets", line},
		{"name with .zip in it", "build.zipper.py", line},
		{"name with .gz in it", "notes.gz.md", line},
		{"name with .xz in it", "a.xzy", line},
		{"name with .rar in it", "b.rare.txt", line},
		{"name with .s2 in it", "c.s2i.yaml", line},
		{"name of an archive that is none", "text.tar.gz", line},
		{"name of a picture", "logo.png", line},
		{"name of a font", "font.woff2", line},
		{"name that is hidden", ".hidden/.rc", line},
		{"name with a newline", "a\nb", line},
		{"name that is not UTF-8", "\xff\xfe", line},
		{"name like an option", "-rf", line},
		{"lock file", "package-lock.json", line},
		{"sum file", "go.sum", line},
		{"yarn lock", "yarn.lock", line},
		{"vendored Go", "vendor/github.com/a/b/c.go", line},
		{"node module", "node_modules/a/index.min.js", line},
		{"Python package", "venv/lib/python3.12/site-packages/a.py", line},
		{"SVG", "a.svg", "<svg>" + line + "</svg>"},
		{"gitleaks' own config", "gitleaks.toml", line},
		{"git's neighbours", ".gitignore", "# " + line},
		{"begins like a program", "a.txt", "MZ" + line},
		{"begins like a document", "b.txt", "%PDF-1.7\n" + line},
		{"begins like an archive", "c.txt", "PK\x03\x04" + line},
		{"begins like gzip", "d", "\x1f\x8b\x08" + line},
		{"begins with zeros", "e", strings.Repeat("\x00", 600) + line},
		{"UTF-8 with a mark", "a.txt", "\xef\xbb\xbf" + line},
		{"UTF-16LE", "a.txt", string(utf16Bytes(line, binary.LittleEndian, true))},
		{"UTF-16BE", "a.txt", string(utf16Bytes(line, binary.BigEndian, true))},
		{"UTF-16LE without a mark", "a.reg", string(utf16Bytes(line, binary.LittleEndian, false))},
		{"UTF-16 in a program", "a.dll", "MZ\x90\x00\x03\x01" + string(utf16Bytes(line, binary.LittleEndian, false)) + "\x01\x02\x03"},
		{"UTF-16 at an odd place", "a.exe", "MZ\x90\x00\x03" + string(utf16Bytes(line, binary.LittleEndian, false)) + "\x01\x02\x03"},
		{"UTF-16BE in a program", "a.bin", "\x7fELF\x90\x01\x03" + string(utf16Bytes(line, binary.BigEndian, false)) + "\x01\x02\x03"},
		{"UTF-32", "a.txt", string(utf32Bytes(line))},
		{"says it is UTF-16 and is not", "a.txt", "\xff\xfe" + line},
		{"says it is UTF-32 and is UTF-16", "a.txt", "\xff\xfe\x00\x00" + string(utf16Bytes(line, binary.LittleEndian, false))},
		{"begins as UTF-16 and goes on otherwise", "a.txt", string(utf16Bytes(strings.Repeat("text ", 1000), binary.LittleEndian, false)) + line},
		{"CRLF", "a.txt", "a\r\n" + strings.ReplaceAll(line, "\n", "\r\n")},
		{"CR alone", "a.txt", "a\rb\r" + strings.ReplaceAll(line, "\n", "\r")},
		{"a comment that allows it", "a.py", strings.TrimSpace(line) + " # gitleaks:allow\n"},
		{"across a border of 10 KB", "a.txt", filler[:10_000-len(line)/2] + line},
		{"across a border of 100 KB", "a.txt", filler[:100_000-len(line)/2] + line},
		{"in one long line", "a.js", strings.ReplaceAll(filler[:300_000], "\n", " ") + line},
		{"behind the first piece", "big.txt", filler[:pieceSize+1000] + "\n" + line + filler[:1000]},
		{"across the first piece", "big.txt", filler[:pieceSize+1-overlap/2-len(line)/2] + line + filler[:overlap*2]},
		{"member of a zip", "a.zip", packed},
		{"member of a zip by another name", "a.docx", packed},
		{"zip behind a script", "run.sh", "#!/bin/sh\nexec x\n" + packed},
		{"gzip", "a.log.gz", gzipped(t, line)},
		{"tar in gzip", "a.tgz", gzipped(t, tarred(t, "x/config", line))},
		{"zip in a tar", "a.tar", tarred(t, "in.zip", packed)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, tt.path, tt.content)
			r := scanDir(t, dir)
			if len(r.Findings) == 0 {
				t.Fatalf("nothing found; incomplete %v", r.Incomplete)
			}
			if f := r.Findings[0]; string(f.Path) != tt.path || f.Rule != "github-pat" {
				t.Errorf("found %s in %q", f.Rule, f.Path)
			}
		})
	}
}

func TestNothingIsSkippedBesideFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/file", token)
	must(t, os.Link(filepath.Join(dir, "a/file"), filepath.Join(dir, "b")))
	must(t, os.Symlink("https://user:"+token+"@host/", filepath.Join(dir, "link")))
	must(t, os.Symlink("a/file", filepath.Join(dir, "inner")))
	write(t, dir, ".git/config", token)
	write(t, dir, "sub/.git", token)
	r := scanDir(t, dir)
	var found []string
	for _, f := range r.Findings {
		found = append(found, string(f.Path))
	}
	if got := strings.Join(found, " "); got != "a/file b link" {
		t.Errorf("found in %q", got)
	}
	if s := states(r); s[".git"] != Unit || s["sub/.git"] != Unit || s["link"] != Symlink || s["inner"] != Symlink {
		t.Errorf("states %v", s)
	}
}

func zipped(t *testing.T, name, content string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	must(t, err)
	_, err = f.Write([]byte(content))
	must(t, err)
	must(t, w.Close())
	return b.String()
}

func gzipped(t *testing.T, content string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(content))
	must(t, err)
	must(t, w.Close())
	return b.String()
}

func tarred(t *testing.T, name, content string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	must(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))}))
	_, err := w.Write([]byte(content))
	must(t, err)
	must(t, w.Close())
	return b.String()
}

func utf32Bytes(text string) []byte {
	raw := []byte{0xff, 0xfe, 0, 0}
	for _, r := range text {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(r))
	}
	return raw
}
