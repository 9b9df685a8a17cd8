package gitview

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"cofferdam/internal/git"

	"golang.org/x/sys/unix"
)

// BundleCommand is the command to run in the view, at the top of the repository's working tree, that writes what was
// committed there to its standard output. It ends with status 128 where nothing was, and what it wrote then is no bundle.
// It must run in the sandbox: the configuration that it obeys is the agent's.
func (b *Built) BundleCommand() []string {
	command := []string{"git", "bundle", "create", "--quiet", "-", "HEAD", "--branches"}
	if b.Head == "" {
		return command
	}
	return append(command, "--not", b.Head)
}

const (
	maxBundle     = 4 << 30 // bytes of a bundle
	maxBundleRefs = 10_000
	maxBundleLine = 4096
)

// bundle is what a bundle says before its objects.
type bundle struct {
	refs map[string]oid
	pack io.Reader
}

var errBundle = errors.New("the bundle is malformed")

// readBundle reads what stands before the objects, of a bundle of version 2 or 3.
func (f *format) readBundle(from io.Reader) (*bundle, error) {
	r := bufio.NewReaderSize(from, maxBundleLine)
	b := &bundle{refs: map[string]oid{}, pack: r}
	first, err := bundleLine(r)
	if err != nil || first != "# v2 git bundle" && first != "# v3 git bundle" {
		return nil, errBundle
	}
	for lines := 0; ; lines++ {
		line, err := bundleLine(r)
		if err != nil || lines > maxBundleRefs {
			return nil, errBundle
		}
		if line == "" {
			return b, nil
		}
		if err := f.readBundleLine(b, line); err != nil {
			return nil, err
		}
	}
}

func (f *format) readBundleLine(b *bundle, line string) error {
	switch line[0] {
	case '@':
		if line != "@object-format="+f.name {
			return fmt.Errorf("%w: it needs %.80q", errBundle, line[1:])
		}
	case '-': // What it builds on; index-pack finds out whether that is there.
	default:
		hex, name, ok := strings.Cut(line, " ")
		id, err := f.parse(hex)
		if err != nil || !ok || name != "HEAD" && !refName(name) {
			return errBundle
		}
		b.refs[name] = id
	}
	return nil
}

func bundleLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	return string(line[:len(line)-1]), nil
}

// maxMemory bounds the address space of a git that unpacks what an agent packed: a delta of a few bytes may claim any size.
const maxMemory = 6 << 30

// unpack has git take the objects of a bundle into repo, each one checked, together with all that it leads to.
func unpack(ctx context.Context, repo *git.Repo, from io.Reader) error {
	cmd := repo.Command(ctx, "-c", "core.packedGitLimit=1g", "-c", "core.packedGitWindowSize=64m", "index-pack", "--stdin", "--fix-thin", "--strict", fmt.Sprintf("--max-input-size=%d", int64(maxBundle)))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	limit := unix.Rlimit{Cur: maxMemory, Max: maxMemory}
	err = unix.Prlimit(cmd.Process.Pid, unix.RLIMIT_AS, &limit, nil) // It waits for input, so it is in time.
	if err == nil {
		_, err = io.Copy(in, from)
	}
	in.Close()
	if waited := cmd.Wait(); waited != nil {
		return fmt.Errorf("git index-pack: %.300q: %w", strings.TrimSpace(complaint.String()), waited)
	}
	return err
}
