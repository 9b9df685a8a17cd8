package gitview

import (
	"context"
	"fmt"
)

// filter decides, node by node, what of the project's repository goes into the view's, and puts it there.
type filter struct {
	ctx     context.Context
	repo    *Repository
	shown   Shown
	options Options
	packDir string
	files   map[oid]bool // blobs in the packs of files that the view shows as they are
	groups  []group      // of those

	surveyed []entry // the index that places are of
	places   []place
	shelf    *shelf  // nil where there is none
	pack     *pack   // of all else
	objects  *source // of the project

	known   map[version]oid // what takes the place of a version; empty where it is left out
	allowed map[oid]bool    // blobs that may be in the view
	trees   map[version]oid // what takes the place of a directory; empty where nothing is left of it
	nodes   int             // seen in trees
	asked   int             // how often Shown.Blob was
	omitted []Omission
	hidden  map[string]bool // paths of the repository that the view hides
	sparse  map[string]bool // paths, and directories, that are left out because the working tree leaves them out
}

// version is an object at a path of the repository.
type version struct {
	path string
	id   oid
}

func (f *filter) format() *format { return f.repo.format }

// omit notes that a version is left out.
func (f *filter) omit(v version, why string) {
	f.omitted = append(f.omitted, Omission{f.repo.path(v.path), v.id.String(), why})
}

// hides reports whether the view hides path, and remembers it.
func (f *filter) hides(path string) bool {
	if f.shown.File(f.repo.path(path)).Showing != Hide {
		return false
	}
	f.hidden[path] = true
	return true
}

// leaf is what takes the place of n, which is no directory; its id is empty where it is left out.
func (f *filter) leaf(n node, path string) (oid, error) {
	v := version{path, n.id}
	if id, ok := f.known[v]; ok {
		return id, nil
	}
	id, err := f.decide(n, v)
	if err != nil {
		return "", err
	}
	f.known[v] = id
	return id, nil
}

func (f *filter) decide(n node, v version) (oid, error) {
	switch {
	case !treePath(v.path):
		f.omit(v, "git refuses its name")
		return "", nil
	case f.sparse[v.path] || f.hides(v.path):
		return "", nil
	case n.mode == gitMode:
		return f.link(v)
	case n.mode == fileMode || n.mode == execMode || n.mode == linkMode:
		return f.blob(n, v)
	}
	f.omit(v, "git does not know its mode")
	return "", nil
}

// link is the commit that a submodule has in the view.
func (f *filter) link(v version) (oid, error) {
	if id, ok := f.options.Links[f.repo.path(v.path)]; ok {
		return f.format().parse(id)
	}
	return v.id, nil
}

// blob asks what to do with a version that is not what the project has at its path now.
func (f *filter) blob(n node, v version) (oid, error) {
	if f.asked++; f.asked > f.options.maxAsked() {
		return "", fmt.Errorf("there are more than %d old or staged versions to check", f.options.maxAsked())
	}
	content, err := f.objects.read(v.id, blobKind, f.options.maxBlob())
	if why := unfit(err); why != "" {
		f.omit(v, why)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	showing, redacted, err := f.shown.Blob(f.ctx, Version{f.repo.path(v.path), v.id.String(), n.mode == linkMode, content})
	if err != nil {
		return "", fmt.Errorf("check %q in %s: %w", v.path, v.id, err)
	}
	if showing == Pass {
		redacted = content
	}
	if showing == Pass || showing == Redact {
		if !f.options.Known.has(redacted) {
			return f.take(redacted)
		}
	}
	f.omit(v, "an older or staged version that is hidden")
	return "", nil
}

// take puts a blob into the view.
func (f *filter) take(content []byte) (oid, error) {
	id := f.format().id(blobKind, content)
	f.allowed[id] = true
	if f.files[id] {
		return id, nil
	}
	return f.pack.add(blobKind, content)
}

// kindOf is what was put in under an id, 0 for nothing.
func (f *filter) kindOf(id oid) kind {
	if f.files[id] {
		return blobKind
	}
	return f.pack.objects[id].kind
}

// tree is what takes the place of the directory id at prefix, which is empty or ends in a slash.
func (f *filter) tree(id oid, prefix string) (oid, error) {
	v := version{prefix, id}
	if done, ok := f.trees[v]; ok {
		return done, nil
	}
	nodes, err := f.objects.tree(id)
	if err != nil {
		return "", err
	}
	if nodes, err = f.children(nodes, prefix); err != nil {
		return "", err
	}
	made := oid("")
	if len(nodes) > 0 || prefix == "" {
		if made, err = f.pack.add(treeKind, encodeTree(nodes)); err != nil {
			return "", err
		}
	}
	f.trees[v] = made
	return made, nil
}

// children is what is left of the nodes of a directory.
func (f *filter) children(nodes []node, prefix string) (left []node, err error) {
	if f.nodes += len(nodes); f.nodes > maxEntries {
		return nil, fmt.Errorf("the trees have more than %d entries", maxEntries)
	}
	for _, n := range nodes {
		if n.id, err = f.child(n, prefix+n.name); err != nil {
			return nil, err
		}
		if n.id != "" {
			left = append(left, n)
		}
	}
	return left, nil
}

func (f *filter) child(n node, path string) (oid, error) {
	if n.mode != dirMode {
		return f.leaf(n, path)
	}
	switch {
	case !treePath(path):
		f.omit(version{path, n.id}, "git refuses its name")
		return "", nil
	case f.sparse[path] || f.hides(path):
		return "", nil
	}
	return f.tree(n.id, path+"/")
}
