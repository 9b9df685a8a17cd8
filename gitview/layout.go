package gitview

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// layout is the files of a repository that are not objects.
type layout struct {
	config  []byte
	head    []byte
	refs    []byte // packed-refs
	exclude []byte // patterns of info/exclude
}

// newLayout is that of a repository without commits, with the settings of host that may come along.
func newLayout(f *format, host config) *layout {
	return &layout{config: renderConfig(f, host, false), head: []byte("ref: " + branches + "main\n")}
}

// renderConfig is the whole configuration of a view's repository. Keys for signing are not in a view, so nothing is
// signed; what an agent's own configuration turns on against the project's is turned off again where it would be slow.
func renderConfig(f *format, host config, coarse bool) []byte {
	var b bytes.Buffer
	version := 0
	if f != formatSHA1 {
		version = 1
	}
	fmt.Fprintf(&b, "[core]\n\trepositoryformatversion = %d\n\tbare = false\n\tlogallrefupdates = true\n", version)
	for _, k := range kept {
		if value := host[k.name]; slices.Contains(k.values, value) {
			fmt.Fprintf(&b, "\t%s = %s\n", k.name[len("core."):], value)
		}
	}
	if coarse {
		b.WriteString("\tcheckStat = minimal\n")
	}
	if version == 1 {
		fmt.Fprintf(&b, "[extensions]\n\tobjectformat = %s\n", f.name)
	}
	fmt.Fprintf(&b, "[user]\n\tname = %s\n\temail = %s\n", Inside.Name, Inside.Email)
	b.WriteString("[commit]\n\tgpgsign = false\n[tag]\n\tgpgsign = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n")
	return b.Bytes()
}

// setHead makes HEAD name branch, or the commit itself where branch is empty.
func (l *layout) setHead(branch string, id oid) {
	if branch == "" {
		l.head = fmt.Appendf(nil, "%s\n", id)
		return
	}
	l.head = []byte("ref: " + branches + branch + "\n")
	if id != "" {
		l.refs = fmt.Appendf(nil, "# pack-refs with: peeled fully-peeled sorted \n%s %s%s\n", id, branches, branch)
	}
}

// dirs are those of a repository.
var dirs = []string{"info", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags"}

// files is what the layout has by name.
func (l *layout) files() map[string][]byte {
	files := map[string][]byte{"HEAD": l.head, "config": l.config}
	if l.refs != nil {
		files["packed-refs"] = l.refs
	}
	if l.exclude != nil {
		files["info/exclude"] = l.exclude
	}
	return files
}

// write writes the layout into dir, over one that stands there.
func (l *layout) write(dir string) error {
	for _, name := range dirs {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil && !os.IsExist(err) {
			return err
		}
	}
	for name, content := range l.files() {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
