package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cofferdam"
	"cofferdam/workspace"
)

// target is what explain is asked about: a path, what is in an archive there, a line of either.
type target struct {
	path   workspace.Path
	member string // empty for the file itself
	line   int    // 0 for all
}

// parseTarget reads PATH, PATH:LINE, PATH!MEMBER and PATH!MEMBER:LINE, as reports write them. What exists under the whole
// name goes first, so that a file called a:12 can be asked about.
func parseTarget(root, name string) (target, error) {
	for _, t := range readings(name) {
		if info, err := os.Lstat(t.name); err == nil && (t.member == "" || info.Mode().IsRegular()) {
			path, err := pathInside(root, t.name)
			return target{path, t.member, t.line}, err
		}
	}
	path, err := pathInside(root, name)
	return target{path: path}, err
}

// reading is one way to understand a name.
type reading struct {
	name   string
	member string
	line   int
}

// readings is the ways to understand a name: first those that take most of it for the path.
func readings(name string) []reading {
	list := []reading{{name: name}}
	forms := []reading{{name: name}}
	if i := strings.LastIndexByte(name, ':'); i > 0 {
		if line, err := strconv.Atoi(name[i+1:]); err == nil && line > 0 {
			list = append(list, reading{name: name[:i], line: line})
			forms = []reading{{name: name[:i], line: line}, {name: name}}
		}
	}
	for _, form := range forms {
		for i := len(form.name) - 2; i > 0; i-- {
			if form.name[i] == '!' {
				list = append(list, reading{form.name[:i], form.name[i+1:], form.line})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b reading) int { return cmp.Compare(len(b.name), len(a.name)) })
	return list
}

// narrow reports whether t is about a part of what is at its path.
func (t target) narrow() bool { return t.line > 0 || t.member != "" }

// among is those of the findings at the path of t that t is about.
func (t target) among(findings []cofferdam.Known) []cofferdam.Known {
	return slices.DeleteFunc(findings, func(f cofferdam.Known) bool {
		return t.member != "" && f.Member != t.member || t.line > 0 && (t.line < f.Line || t.line > f.EndLine)
	})
}

// String is t as reports write it.
func (t target) String() string {
	text := string(t.path)
	if t.member != "" {
		text += "!" + t.member
	}
	if t.line > 0 {
		text = fmt.Sprintf("line %d of %s", t.line, text)
	}
	return text
}

// pathInside is the path below root that a user means by name: relative to the working directory, or absolute.
func pathInside(root, name string) (workspace.Path, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	// Only what lies above the last component is resolved: the path itself may be a link, or gone.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	if abs == root {
		return workspace.Dot, nil
	}
	rest, ok := strings.CutPrefix(abs, strings.TrimSuffix(root, "/")+"/")
	if !ok {
		return "", usage("%q is outside the project %q", name, root)
	}
	return workspace.ParsePath(rest)
}
