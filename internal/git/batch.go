package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// Object is an object of a repository.
type Object struct {
	ID   string
	Type string // blob, tree, commit or tag; missing where there is none
	Size int64
}

// Batch reads objects through one git process. It is not safe for concurrent use.
type Batch struct {
	ctx       context.Context
	cmd       *exec.Cmd
	in        io.WriteCloser
	out       *bufio.Reader
	complaint bytes.Buffer
	open      io.Reader // what is left of the object read last
}

// Objects starts reading. Close ends it.
func (r *Repo) Objects(ctx context.Context) (*Batch, error) {
	b := &Batch{ctx: ctx, cmd: r.Command(ctx, "cat-file", "--batch")}
	b.cmd.Stderr = &b.complaint
	in, err := b.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, failed(ctx, "cat-file", nil, err)
	}
	b.in, b.out = in, bufio.NewReaderSize(out, 1<<18)
	return b, nil
}

// Open asks for an object and says what it is; its content is read from the reader, up to the next Open.
func (b *Batch) Open(id string) (Object, io.Reader, error) {
	if err := b.skip(); err != nil {
		return Object{}, nil, err
	}
	if _, err := io.WriteString(b.in, id+"\n"); err != nil {
		return Object{}, nil, failed(b.ctx, "cat-file", b.complaint.Bytes(), err)
	}
	line, err := b.out.ReadString('\n')
	if err != nil {
		return Object{}, nil, failed(b.ctx, "cat-file", nil, err)
	}
	object, err := parseObject(strings.TrimSuffix(line, "\n"))
	if err != nil || object.Type == "missing" {
		return object, strings.NewReader(""), err
	}
	b.open = io.LimitReader(b.out, object.Size)
	return object, b.open, nil
}

// skip reads past the object before, and the line end behind it.
func (b *Batch) skip() error {
	if b.open == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, b.open); err != nil {
		return failed(b.ctx, "cat-file", nil, err)
	}
	b.open = nil
	if _, err := b.out.Discard(1); err != nil {
		return failed(b.ctx, "cat-file", nil, err)
	}
	return nil
}

// Close ends the process. What it has not read of an object does not matter.
func (b *Batch) Close() error {
	b.in.Close()
	_, _ = io.Copy(io.Discard, b.out)
	if err := b.cmd.Wait(); err != nil {
		return failed(b.ctx, "cat-file", b.complaint.Bytes(), err)
	}
	return nil
}

// AllObjects calls visit with each object of the repository's store, reachable or not, in the order in which they can be
// read fastest.
func (r *Repo) AllObjects(ctx context.Context, visit func(Object) error) error {
	return r.Lines(ctx, '\n', func(line string) error {
		object, err := parseObject(line)
		if err != nil {
			return err
		}
		return visit(object)
	}, "cat-file", "--batch-all-objects", "--unordered", "--batch-check")
}

func parseObject(line string) (Object, error) {
	id, rest, _ := strings.Cut(line, " ")
	kind, size, sized := strings.Cut(rest, " ")
	if !sized {
		return Object{ID: id, Type: "missing"}, nil
	}
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil || n < 0 {
		return Object{}, fmt.Errorf("git cat-file: %.80q is no description of an object", line)
	}
	return Object{id, kind, n}, nil
}

// Lines calls visit with each part of git's output that end ends, while git runs. An error of visit stops it.
func (r *Repo) Lines(ctx context.Context, end byte, visit func(string) error, args ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := r.Command(ctx, args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return failed(ctx, args[0], nil, err)
	}
	seen := eachPart(bufio.NewReaderSize(out, 1<<16), end, visit)
	if seen != nil {
		cancel()
	}
	if err := cmd.Wait(); seen == nil && err != nil {
		return failed(ctx, args[0], complaint.Bytes(), err)
	}
	return seen
}

func eachPart(r *bufio.Reader, end byte, visit func(string) error) error {
	for {
		part, err := r.ReadString(end)
		if err == io.EOF && part == "" {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err := visit(strings.TrimSuffix(part, string(end))); err != nil {
			return err
		}
	}
}
