package sandbox

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestCredentialPaths(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{
		"passwd": 0o644, "shadow": 0o644, "mine": 0o600, "app/conf": 0o644, "app/key": 0o640, "closed/x": 0o644,
		"ssh/ssh_host_rsa_key": 0o644, "ssh/ssh_host_rsa_key.pub": 0o644, "ssh/sshd_config": 0o644, "sudoers.d/x": 0o644, "other/shadow": 0o644,
	} {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, nil, 0o600))
		must(t, os.Chmod(path, mode))
	}
	must(t, os.Chmod(filepath.Join(dir, "closed"), 0o711))
	must(t, unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	must(t, os.Symlink("/etc/shadow", filepath.Join(dir, "link")))
	got, err := credentialPaths(dir)
	must(t, err)
	slices.Sort(got)
	var want []string
	for _, name := range []string{"app/key", "closed", "mine", "shadow", "ssh/ssh_host_rsa_key", "sudoers.d"} {
		want = append(want, filepath.Join(dir, name))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("credentialPaths differs (-want +got):\n%s", diff)
	}
}

func TestEnvironment(t *testing.T) {
	host := []string{"PATH=", "USER=u", "LC_ALL=C", "LC_X=y", "HOME=/elsewhere", "AWS_KEY=k", "GIT_DIR=/g", "LANG=C", "broken"}
	got, err := environment(host, []string{"AWS_KEY", "ABSENT", "B=1", "LANG="}, "/home/u", "/p")
	must(t, err)
	want := []string{"USER=u", "LC_ALL=C", "LC_X=y", "PATH=" + defaultPath, "HOME=/home/u", "TMPDIR=/tmp", "PWD=/p", "AWS_KEY=k", "B=1", "LANG="}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment differs (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "=x", "a=\x00"} {
		if _, err := environment(nil, []string{bad}, "/", "/"); err == nil {
			t.Errorf("environment with %q: no error", bad)
		}
	}
}

func BenchmarkCredentialPaths(b *testing.B) {
	for b.Loop() {
		if _, err := credentialPaths("/etc"); err != nil {
			b.Fatal(err)
		}
	}
}
