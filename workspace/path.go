package workspace

import (
	"fmt"
	"strings"
)

// Path names a file below a Root: slash-separated, clean, relative, made of the bytes that the file system has
// (not necessarily UTF-8). Dot is the root itself.
type Path string

// Dot is the root of a workspace.
const Dot Path = "."

// ParsePath checks a name that came from outside: it must be relative, clean, and stay below the root.
func ParsePath(unsafe string) (Path, error) {
	if unsafe == "" || unsafe[0] == '/' {
		return "", fmt.Errorf("path %q is not relative to the workspace", unsafe)
	}
	if unsafe == "." {
		return Dot, nil
	}
	for name := range strings.SplitSeq(unsafe, "/") {
		if !ValidName(name) {
			return "", fmt.Errorf("path %q is not a clean path below the workspace", unsafe)
		}
	}
	return Path(unsafe), nil
}

// ValidName reports whether name can be one component of a Path.
func ValidName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00")
}

// Dir is the directory that holds p; that of a name at the top is Dot.
func (p Path) Dir() Path {
	if i := strings.LastIndexByte(string(p), '/'); i >= 0 {
		return p[:i]
	}
	return Dot
}

// Base is the last component of p.
func (p Path) Base() string {
	return string(p[strings.LastIndexByte(string(p), '/')+1:])
}

// Join is the path of name inside the directory p.
func (p Path) Join(name string) Path {
	if p == Dot {
		return Path(name)
	}
	return p + "/" + Path(name)
}

func (p Path) join(name []byte) Path {
	if p == Dot {
		return Path(name)
	}
	return p + "/" + Path(name)
}

// Within reports whether p lies below dir, at any depth. A path does not lie within itself.
func (p Path) Within(dir Path) bool {
	if dir == Dot {
		return p != Dot
	}
	return len(p) > len(dir) && p[len(dir)] == '/' && p[:len(dir)] == dir
}
