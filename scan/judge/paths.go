package judge

import (
	"strings"

	"cofferdam/rules/secret"
)

// paths tells what kind of file it is by its path, in lower case.
type paths struct {
	fixtures, locales, documents, live places
	locks, code                        suffixes
}

func newPaths(j *secret.Judgement) paths {
	return paths{
		fixtures: newPlaces(j.Paths.Fixtures), locales: newPlaces(j.Paths.Locales), documents: newPlaces(j.Paths.Documents),
		live: newPlaces(j.Paths.Live), locks: newSuffixes(j.Paths.Locks), code: newSuffixes(j.Paths.Code),
	}
}

func (p *paths) fixture(path string) bool  { return p.fixtures.has(path) }
func (p *paths) document(path string) bool { return p.documents.has(path) }

// places is parts of paths: whole directories, and anything else.
type places struct {
	directories set
	parts       []string
}

func newPlaces(list []string) places {
	p := places{directories: set{}}
	for _, part := range list {
		name := strings.Trim(part, "/")
		if len(part) == len(name)+2 && !strings.Contains(name, "/") {
			p.directories[name] = struct{}{}
		} else {
			p.parts = append(p.parts, part)
		}
	}
	return p
}

func (p *places) has(path string) bool {
	rest := path
	for {
		name, after, more := strings.Cut(rest, "/")
		if !more {
			break
		}
		if p.directories.has(name) {
			return true
		}
		rest = after
	}
	for _, part := range p.parts {
		if strings.Contains(path, part) || part[0] == '/' && strings.HasPrefix(path, part[1:]) {
			return true
		}
	}
	return false
}
