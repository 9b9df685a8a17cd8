package gitview

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"cofferdam/workspace"
)

const branches = "refs/heads/"

// head is what a repository has checked out.
type head struct {
	branch string // without refs/heads/; empty where HEAD names no branch
	id     oid    // of the commit; empty before the first
}

// readHead reads HEAD, the way git does where refs are files. Nothing is read through a symlink: the commit that a
// repository names is one that it names itself.
func (r *Repository) readHead() (head, error) {
	if kind := r.config["extensions.refstorage"]; kind != "" && kind != "files" {
		return head{}, fmt.Errorf("refs are stored as %.20q, which is not known", kind)
	}
	text, err := readSmall(r.dir, "HEAD", 8192)
	if err != nil {
		return head{}, err
	}
	name, symbolic := strings.CutPrefix(strings.TrimSpace(string(text)), "ref:")
	name = strings.TrimSpace(name)
	if !symbolic {
		id, err := r.format.parse(name)
		return head{id: id}, err
	}
	var h head
	if short, ok := strings.CutPrefix(name, branches); ok && branchName(short) {
		h.branch = short
	} else if !refName(name) {
		return head{}, errors.New("HEAD names no ref")
	}
	h.id, err = r.readRef(name, 5)
	return h, err
}

// refName reports whether name is one of a ref that may be looked for in the repository.
func refName(name string) bool {
	rest, ok := strings.CutPrefix(name, "refs/")
	return ok && branchName(rest)
}

// readRef is the commit that a ref names, or empty where there is no such ref.
func (r *Repository) readRef(name string, depth int) (oid, error) {
	if !refName(name) || depth == 0 {
		return "", fmt.Errorf("ref %.200q cannot be followed", name)
	}
	text, err := readSmall(r.common, workspace.Path(name), 8192)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, workspace.ErrNotRegular) {
		return r.packedRef(name)
	}
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(text))
	if target, symbolic := strings.CutPrefix(line, "ref:"); symbolic {
		return r.readRef(strings.TrimSpace(target), depth-1)
	}
	return r.format.parse(line)
}

// packedRef looks for a ref in packed-refs.
func (r *Repository) packedRef(name string) (oid, error) {
	f, err := r.common.OpenFile("packed-refs")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if id, ref, ok := strings.Cut(lines.Text(), " "); ok && ref == name {
			return r.format.parse(id)
		}
	}
	return "", lines.Err()
}
