package unpack

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
)

// What the programs make that people pack with is read as they unpack it.
func TestArchivesOfPrograms(t *testing.T) {
	long := strings.Repeat("long/", 30) + "name.txt"
	want := map[string]string{"a.txt": "first\n", "dir/b.bin": strings.Repeat("second\x00", 50_000), long: "third"}
	var names []string
	for name := range want {
		names = append(names, name)
	}
	tests := []struct {
		program string // and what it makes, by a shell
		make    string
	}{
		{"zip", "zip -q -r out $FILES"},
		{"zip", "zip -q -r -0 out $FILES"},
		{"zip", "zip -q -r - $FILES | cat > out"},
		{"bzip2", "zip -q -r -Z bzip2 out $FILES"},
		{"tar", "tar -cf out $FILES"},
		{"tar", "tar --format=pax -cf out $FILES"},
		{"tar", "tar --format=ustar -cf out $FILES"},
		{"tar", "tar -S -cf out $FILES"},
		{"gzip", "tar -cf - $FILES | gzip > out"},
		{"bzip2", "tar -cf - $FILES | bzip2 > out"},
		{"xz", "tar -cf - $FILES | xz > out"},
		{"xz", "tar -cf - $FILES | xz -9 -T2 --block-size=100KiB --check=sha256 > out"},
		{"xz", "tar -cf - $FILES | xz --check=crc32 > out"},
		{"zstd", "tar -cf - $FILES | zstd -q > out"},
		{"zstd", "tar -cf - $FILES | zstd -q --ultra -22 --long=26 > out"},
		{"cpio", "find $FILES | cpio -o -H newc --quiet > out"},
		{"cpio", "find $FILES | cpio -o -H odc --quiet > out"},
	}
	for _, test := range tests {
		t.Run(test.make, func(t *testing.T) {
			need.Program(t, test.program)
			need.Program(t, strings.Fields(test.make)[0])
			dir := t.TempDir()
			for name, data := range want {
				check(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
				check(os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600))
			}
			cmd := exec.Command("sh", "-c", strings.ReplaceAll(test.make, "$FILES", strings.Join(names, " ")))
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", test.make, err, out)
			}
			made, err := filepath.Glob(filepath.Join(dir, "out*"))
			if err != nil || len(made) != 1 {
				t.Fatalf("%s made %q: %v", test.make, made, err)
			}
			seen(t, must(os.ReadFile(made[0])), Limits{}).wants(t, want)
		})
	}
}

func TestLibraryOfAr(t *testing.T) {
	need.Program(t, "ar")
	dir := t.TempDir()
	want := map[string]string{"a.txt": "first", "a-name-that-is-longer-than-sixteen.txt": "second", "b": "third"}
	args := []string{"qS", "out.a"}
	for name, data := range want {
		check(os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600))
		args = append(args, name)
	}
	cmd := exec.Command("ar", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ar: %v: %s", err, out)
	}
	seen(t, must(os.ReadFile(filepath.Join(dir, "out.a"))), Limits{}).wants(t, want)
}
