package gitview

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"cofferdam/workspace"

	"golang.org/x/sys/unix"
)

// maxBuffered is the largest file that is read into memory at once.
const maxBuffered = 8 << 20

// fileReader compares files with what an index says of them. One goroutine uses it.
type fileReader struct {
	filter *filter
	packer *packer // of the group's files
	kept   *keeper // the group as it was; nil where there is no shelf
	buffer []byte
}

func (r *fileReader) look(e *entry, p *place) error {
	path := r.filter.repo.path(e.path)
	switch {
	case !p.wanted:
		return nil
	case e.mode == linkMode:
		return r.link(e, p, path)
	case p.recall && (!p.packs() || r.filter.shelf.copy(r.kept, p.content, r.packer)):
		return nil
	}
	return r.file(e, p, path)
}

// equals reports whether content with the hash id is what e names. An entry of a snapshot names whatever is there.
func (e *entry) equals(id oid) bool {
	if e.id == "" {
		e.id = id
	}
	return e.id == id
}

// source is the tree whose file at a path counts: that of the view where it shows it as it is.
func (r *fileReader) source(p *place) *workspace.Root {
	if r.filter.options.Copy != nil && p.shown.Showing == Pass {
		return r.filter.options.Copy
	}
	return r.filter.repo.project
}

func (r *fileReader) link(e *entry, p *place, path workspace.Path) error {
	found, err := r.source(p).Lookup(path)
	if err != nil || found.Type != workspace.Symlink {
		return notFatal(err)
	}
	p.stat, p.host = found.Stat, found.Stat
	p.same = e.equals(r.filter.format().id(blobKind, []byte(found.Target))) && p.judged(found.Stat)
	if p.same && p.shown.Showing == Pass {
		_, err = r.filter.pack.add(blobKind, []byte(found.Target))
		return err
	}
	return nil
}

func (r *fileReader) file(e *entry, p *place, path workspace.Path) error {
	file, err := r.source(p).OpenFile(path)
	if err != nil {
		return notFatal(err)
	}
	defer file.Close()
	stat, err := workspace.StatFile(file)
	if err != nil {
		return err
	}
	p.stat, p.host = stat, stat
	if r.source(p) != r.filter.repo.project {
		if there, err := r.filter.repo.project.Lookup(path); err == nil {
			p.host = there.Stat
		}
	}
	if p.shown.Showing == Redact {
		p.stat = p.shown.Stat
	}
	if stat.Size > maxBuffered {
		return r.large(e, p, path, file, stat)
	}
	content, err := r.read(file, stat.Size)
	if err != nil {
		return notFatal(err)
	}
	if stat, err = workspace.StatFile(file); err != nil {
		return err
	}
	p.content = r.filter.format().id(blobKind, content)
	p.same = e.equals(p.content) && p.judged(stat)
	if p.same && p.shown.Showing == Pass {
		return r.packer.put(blobKind, e.id, content)
	}
	return nil
}

// read reads a file of about size bytes; more than a file may be buffered it does not.
func (r *fileReader) read(file *os.File, size int64) ([]byte, error) {
	if int64(len(r.buffer)) < size+1 {
		r.buffer = make([]byte, max(size+1, 1<<18))
	}
	n, err := io.ReadFull(file, r.buffer)
	if err == nil { // It has grown; what the index names is another content.
		return nil, workspace.ErrChanged
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	return r.buffer[:n], nil
}

// large reads a file twice rather than into memory: to compare it, and to pack it. One that is mostly a hole is not
// read at all.
func (r *fileReader) large(e *entry, p *place, path workspace.Path, file *os.File, stat workspace.Stat) error {
	whole := workspace.Entry{Path: path, Stat: stat}
	if hollow, err := whole.Hollow(file); hollow || err != nil {
		return err
	}
	h := r.filter.format().hasher(blobKind, stat.Size)
	n, err := io.Copy(h, &cancelReader{r.filter.ctx, io.LimitReader(file, stat.Size+1)})
	if err != nil {
		return notFatal(err)
	}
	now, err := workspace.StatFile(file)
	if err != nil {
		return err
	}
	p.content = oid(h.Sum(nil))
	if p.same = n == stat.Size && p.judged(now) && e.equals(p.content); !p.same || p.shown.Showing != Pass {
		return nil
	}
	if err := r.filter.options.Known.checkAll("file", &cancelReader{r.filter.ctx, io.NewSectionReader(file, 0, stat.Size)}); err != nil {
		return err
	}
	p.same, err = r.packer.stream(e.id, stat.Size, &cancelReader{r.filter.ctx, io.NewSectionReader(file, 0, stat.Size+1)})
	return err
}

// cancelReader ends with a context.
type cancelReader struct {
	ctx  context.Context
	from io.Reader
}

func (r *cancelReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(b)
}

// notFatal is err, unless it says no more than that the file of an entry is not there as the index has it.
func notFatal(err error) error {
	for _, expected := range []error{fs.ErrNotExist, fs.ErrPermission, workspace.ErrNotRegular, workspace.ErrChanged,
		unix.ELOOP, unix.ENOTDIR, unix.EXDEV, unix.EIO} {
		if errors.Is(err, expected) {
			return nil
		}
	}
	return err
}
