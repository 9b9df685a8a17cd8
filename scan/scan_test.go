package scan

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"

	"cofferdam/internal/need"
	"cofferdam/rules"
	"cofferdam/workspace"
)

// token is made up, and not written whole anywhere.
var token = "gh" + "p_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, name)
	must(t, os.MkdirAll(filepath.Dir(full), 0o700))
	must(t, os.WriteFile(full, []byte(text), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *workspace.Root {
	t.Helper()
	root, err := workspace.Open(dir)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

func scanDir(t *testing.T, dir string) *Report {
	t.Helper()
	r, err := Scan(t.Context(), open(t, dir), nil, Options{})
	must(t, err)
	return r
}

func states(r *Report) map[string]State {
	all := map[string]State{}
	for _, l := range r.Ledger {
		all[string(l.Path)] = l.State
	}
	return all
}

func TestScanAccountsForEveryPath(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "main.go", "package main\n\nvar t = \""+token+"\"\n")
	write(t, dir, ".env", "A=1\n")
	write(t, dir, "node_modules/a/package-lock.json", `{"x": "`+token+`"}`)
	write(t, dir, "vendor/github.com/a/b.svg", "<svg>"+token+"</svg>")
	write(t, dir, "conf/app.yaml", "password: hunter2\n")
	write(t, dir, "conf/empty.yaml", "password: ${PASSWORD}\n")
	write(t, dir, ".git/config", token)
	write(t, dir, "sub/.git", "gitdir: /elsewhere "+token)
	write(t, dir, "bad\xff\nname", token)
	write(t, dir, "empty", "")
	must(t, os.Symlink("/etc/passwd", filepath.Join(dir, "link")))
	must(t, unix.Mkfifo(filepath.Join(dir, "fifo.env"), 0o600))
	socket, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	must(t, err)
	defer unix.Close(socket)
	must(t, unix.Bind(socket, &unix.SockaddrUnix{Name: shortName(t, dir, "socket")}))

	r := scanDir(t, dir)
	want := map[string]State{
		"main.go": Scanned, ".env": Scanned, "node_modules": Directory, "node_modules/a": Directory, "node_modules/a/package-lock.json": Scanned,
		"vendor": Directory, "vendor/github.com": Directory, "vendor/github.com/a": Directory, "vendor/github.com/a/b.svg": Scanned,
		"conf": Directory, "conf/app.yaml": Scanned, "conf/empty.yaml": Scanned, ".git": Unit, "sub": Directory, "sub/.git": Unit, "bad\xff\nname": Scanned,
		"empty": Scanned, "link": Symlink, "fifo.env": Special, "socket": Special,
	}
	if diff := cmp.Diff(want, states(r)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if len(r.Incomplete) != 0 || len(r.Mounts) != 0 || len(r.Foreign) != 0 {
		t.Errorf("incomplete %v, mounts %v, foreign %v, want none", r.Incomplete, r.Mounts, r.Foreign)
	}
	var found []string
	for _, f := range r.Findings {
		found = append(found, string(f.Path)+" "+f.Rule)
	}
	wantFound := []string{"bad\xff\nname github-pat", "conf/app.yaml config-password", "main.go github-pat", "node_modules/a/package-lock.json github-pat", "vendor/github.com/a/b.svg github-pat"}
	if diff := cmp.Diff(wantFound, found); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if l := r.Find(".env"); l.Verdict.Action != rules.Hide || l.Credential != "" {
		t.Errorf(".env: %+v", l)
	}
	if l := r.Find("conf/app.yaml"); l.Verdict.Action != rules.Inspect || l.Credential == "" || strings.Contains(l.Credential, "hunter2") {
		t.Errorf("conf/app.yaml: verdict %v, credential %q", l.Verdict.Action, l.Credential)
	}
	if l := r.Find("conf/empty.yaml"); l.Credential != "" {
		t.Errorf("conf/empty.yaml: credential %q", l.Credential)
	}
	if l := r.Find("link"); l.Target != "/etc/passwd" {
		t.Errorf("link: target %q", l.Target)
	}
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, token) || strings.Contains(text, "hunter2") {
		t.Error("the report holds a value")
	}
}

// shortName is a name for dir/name that fits a socket address.
func shortName(t *testing.T, dir, name string) string {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY, 0)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fmt.Sprintf("/proc/self/fd/%d/%s", fd, name)
}

func TestFindingIsWhereItSays(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/f.txt", "x\ny "+token+"TAIL z\n"+token+"\n")
	r := scanDir(t, dir)
	long := int64(len(token) + 4)
	want := []Finding{
		{Rule: "github-pat", Severity: "critical", Path: "a/f.txt", Line: 2, Column: 3, EndLine: 2, EndColumn: 3 + int(long), Offset: 4, Length: long},
		{Rule: "github-pat", Severity: "critical", Path: "a/f.txt", Line: 3, Column: 1, EndLine: 3, EndColumn: 1 + len(token), Offset: 4 + long + 3, Length: int64(len(token))},
	}
	if diff := cmp.Diff(want, r.Findings, cmpopts.IgnoreFields(Finding{}, "Description", "Why", "Tags", "Entropy", "Fingerprint"), cmpopts.EquateEmpty(), cmp.AllowUnexported(Finding{})); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestScanNamesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "fits", "")
	must(t, os.Truncate(filepath.Join(dir, "fits"), 1<<20))
	write(t, dir, "hollow", "")
	must(t, os.Truncate(filepath.Join(dir, "hollow"), 17<<30))
	write(t, dir, "many", strings.Repeat(token+"\n", maxFindings+1))
	want := []Incomplete{{"hollow", errHollow.Error()}, {"many", "too many places look like secrets; not all were looked at"}}
	if os.Getuid() != 0 {
		write(t, dir, "closed", "x")
		must(t, os.Chmod(filepath.Join(dir, "closed"), 0))
		write(t, dir, "locked/x", "x")
		must(t, os.Chmod(filepath.Join(dir, "locked"), 0))
		t.Cleanup(func() { os.Chmod(filepath.Join(dir, "locked"), 0o700) })
		want = []Incomplete{{"closed", "open: permission denied"}, want[0], {"locked", "open: permission denied"}, want[1]}
	}
	r := scanDir(t, dir)
	if diff := cmp.Diff(want, r.Incomplete); diff != "" {
		t.Errorf("incomplete (-want +got):\n%s", diff)
	}
	for _, i := range want {
		if l := r.Find(i.Path); l == nil || l.State != Unreadable || l.Reason != i.Reason {
			t.Errorf("ledger of %s: %+v", i.Path, l)
		}
	}
	if s := states(r)["fits"]; s != Scanned {
		t.Errorf("fits is %s", s)
	}
}

func TestScanOfADeepTree(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("d", 200)
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY, 0)
	must(t, err)
	for range 40 {
		must(t, unix.Mkdirat(fd, name, 0o700))
		next, err := unix.Openat(fd, name, unix.O_PATH|unix.O_DIRECTORY, 0)
		must(t, err)
		unix.Close(fd)
		fd = next
	}
	unix.Close(fd)
	r := scanDir(t, dir)
	if len(r.Incomplete) == 0 || !strings.Contains(r.Incomplete[0].Reason, "file name too long") {
		t.Errorf("incomplete %d, want the depth at which names become too long", len(r.Incomplete))
	}
}

func TestScanOfAFileThatKeepsChanging(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "f", strings.Repeat("x", 4<<20))
	f, err := os.OpenFile(filepath.Join(dir, "f"), os.O_WRONLY, 0)
	must(t, err)
	defer f.Close()
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			_, _ = f.WriteAt([]byte("y"), 0)
		}
	}()
	time.Sleep(20 * time.Millisecond)
	r := scanDir(t, dir)
	stop.Store(true)
	<-done
	l := r.Find("f")
	if l.State == Unreadable && (l.Reason != errChanging.Error() || len(r.Incomplete) != 1) {
		t.Errorf("line %+v, incomplete %v", l, r.Incomplete)
	}
	if l.State != Unreadable {
		t.Logf("the file was read between two writes")
	}
}

func TestRescanReadsOnlyWhatChanged(t *testing.T) {
	dir := t.TempDir()
	for i := range 50 {
		write(t, dir, fmt.Sprintf("d%d/f.txt", i), fmt.Sprintf("%d %s\n", i, token))
	}
	time.Sleep(2 * clockStep)
	root := open(t, dir)
	first, err := Scan(t.Context(), root, nil, Options{})
	must(t, err)
	for i := range first.Ledger {
		first.Ledger[i].Action = "hide"
	}
	for i := range first.Findings {
		first.Findings[i].Action = "hide"
	}
	second, err := Rescan(t.Context(), root, nil, Options{}, first)
	must(t, err)
	if second.Reused != 50 || second.Bytes != 0 {
		t.Errorf("reused %d, read %d bytes, want 50 and 0", second.Reused, second.Bytes)
	}
	ignore := []cmp.Option{cmp.AllowUnexported(Line{}, Finding{}), cmpopts.IgnoreFields(Line{}, "Action", "readAt"), cmpopts.IgnoreFields(Finding{}, "Action"), cmpopts.IgnoreFields(Report{}, "Bytes", "Reused")}
	if diff := cmp.Diff(first, second, ignore...); diff != "" {
		t.Errorf("second scan (-first +second):\n%s", diff)
	}
	if second.Ledger[1].Action != "" || second.Findings[0].Action != "" {
		t.Error("a rescan keeps the actions of a plan")
	}

	// The same size and mtime: only the ctime tells.
	name := filepath.Join(dir, "d7/f.txt")
	info, err := os.Stat(name)
	must(t, err)
	must(t, os.WriteFile(name, []byte(fmt.Sprintf("8 %s\n", strings.ToUpper(token))), 0o600))
	must(t, os.Chtimes(name, info.ModTime(), info.ModTime()))
	write(t, dir, "new", token)
	must(t, os.RemoveAll(filepath.Join(dir, "d3")))
	third, err := Rescan(t.Context(), root, nil, Options{}, first)
	must(t, err)
	if third.Reused != 48 || len(third.Findings) != 49 || third.Find("d3") != nil || len(third.FindingsIn("new")) != 1 || len(third.FindingsIn("d7/f.txt")) != 0 {
		t.Errorf("reused %d, findings %d", third.Reused, len(third.Findings))
	}
}

func TestRescanLooksAgainWhenTheRulesChanged(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "notes", "password: hunter2\n")
	time.Sleep(2 * clockStep)
	root := open(t, dir)
	first, err := Scan(t.Context(), root, nil, Options{})
	must(t, err)
	config, err := rules.DecodeConfig("c", []byte("[[path]]\npattern='notes'\naction='inspect'\n"))
	must(t, err)
	policy, err := rules.NewPolicy(nil, config)
	must(t, err)
	second, err := Rescan(t.Context(), root, rules.NewSet(nil, policy), Options{}, first)
	must(t, err)
	if first.Find("notes").Credential != "" || second.Find("notes").Credential == "" {
		t.Errorf("credential %q, then %q", first.Find("notes").Credential, second.Find("notes").Credential)
	}
}

func TestScanStopsWhenCancelled(t *testing.T) {
	dir := t.TempDir()
	for i := range 600 {
		write(t, dir, fmt.Sprintf("f%d", i), "x")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := Scan(ctx, open(t, dir), nil, Options{}); err == nil || r != nil {
		t.Errorf("Scan = %v, %v, want an error alone", r, err)
	}
}

func TestScanReportsProgress(t *testing.T) {
	dir := t.TempDir()
	for i := range 600 {
		write(t, dir, fmt.Sprintf("f%d", i), "x")
	}
	var last Progress
	calls := 0
	_, err := Scan(t.Context(), open(t, dir), nil, Options{Progress: func(p Progress) { last = p; calls++ }})
	must(t, err)
	if last.Files != 600 || last.Bytes != 600 || calls != 3 {
		t.Errorf("last progress %+v after %d calls", last, calls)
	}
}

func TestScanFindsForeignFiles(t *testing.T) {
	need.Root(t)
	dir := t.TempDir()
	write(t, dir, "mine", "x")
	write(t, dir, "theirs", "x")
	write(t, dir, "group", "x")
	must(t, os.Lchown(filepath.Join(dir, "theirs"), 1234, -1))
	must(t, os.Lchown(filepath.Join(dir, "group"), -1, 1234))
	if diff := cmp.Diff([]workspace.Path{"group", "theirs"}, scanDir(t, dir).Foreign); diff != "" {
		t.Errorf("foreign (-want +got):\n%s", diff)
	}
}

// The test runs itself in namespaces of its own, to mount something.
func TestScanDoesNotCrossMounts(t *testing.T) {
	if dir := os.Getenv("COFFERDAM_TEST_MOUNT"); dir != "" {
		must(t, unix.Mount("none", filepath.Join(dir, "mnt"), "tmpfs", 0, ""))
		write(t, dir, "mnt/inside", token)
		must(t, unix.Mount(filepath.Join(dir, "mnt/inside"), filepath.Join(dir, "bound"), "", unix.MS_BIND, ""))
		r := scanDir(t, dir)
		if !slices.Equal(r.Mounts, []workspace.Path{"bound", "mnt"}) || len(r.Incomplete) != 2 || len(r.Findings) != 0 || r.Find("mnt/inside") != nil {
			t.Errorf("mounts %v, incomplete %v, findings %d", r.Mounts, r.Incomplete, len(r.Findings))
		}
		return
	}
	need.Userns(t)
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "mnt"), 0o700))
	write(t, dir, "bound", "x")
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestScanDoesNotCrossMounts$", "-test.v")
	cmd.Env = append(os.Environ(), "COFFERDAM_TEST_MOUNT="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("in the namespaces: %v\n%s", err, out)
	}
}

// Law: the report does not depend on the number of workers.
func TestScanIsTheSameWithAnyWorkers(t *testing.T) {
	dir := t.TempDir()
	for i := range 100 {
		write(t, dir, fmt.Sprintf("d%d/%d/.env.%d", i%7, i%3, i), "api_key = \""+token+"\"\nx = "+token+"\n")
	}
	root := open(t, dir)
	want, err := Scan(t.Context(), root, nil, Options{Workers: 1})
	must(t, err)
	for _, workers := range []int{2, 8, 64} {
		got, err := Scan(t.Context(), root, nil, Options{Workers: workers})
		must(t, err)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Line{}), cmp.AllowUnexported(Finding{})); diff != "" {
			t.Errorf("%d workers (-one +got):\n%s", workers, diff)
		}
	}
}
