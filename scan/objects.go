package scan

import (
	"cofferdam/rules"
	"cofferdam/scan/cache"
	"cofferdam/workspace"
)

// Objects remembers what was found in the objects of a repository, each at its place, from one search of a history to the
// next. It is safe for concurrent use, in this process and others.
type Objects struct {
	memory *memory // nil where nothing is remembered
	names  *rules.Set
}

// OpenObjects opens what is remembered for the project at root, as a Searcher of o that judges by names finds it. It needs
// o.CacheDir, and remembers nothing where that is not to be used.
func OpenObjects(root string, names *rules.Set, o Options) *Objects {
	m := &Objects{names: names}
	if o.remembers(root) {
		m.memory = newMemory("history of "+root, o)
	}
	return m
}

// Find is what was found in the object of this id and size, in bytes, at path, and what of it could not be searched.
func (m *Objects) Find(id string, size int64, path workspace.Path) (findings []Finding, incomplete []Incomplete, ok bool) {
	if m.memory.empty() {
		return nil, nil, false
	}
	l := m.line(path)
	result, ok := m.memory.cache.Find(m.key(id, size, l), m.memory.now)
	if !ok {
		return nil, nil, false
	}
	if findings, incomplete, ok = m.memory.recalled(path, &result); !ok {
		return nil, nil, false
	}
	if l.Credential = result.Credential; l.byName() || l.Credential != "" {
		findings = append(findings, l.Finding())
	}
	return findings, incomplete, true
}

// Add remembers for the next time what a Searcher found.
func (m *Objects) Add(id string, size int64, path workspace.Path, findings []Finding, incomplete []Incomplete) {
	if m.memory == nil {
		return
	}
	l := m.line(path)
	credential := ""
	if n := len(findings); n > 0 && findings[n-1].whole() {
		if !l.byName() {
			credential = findings[n-1].Why
		}
		findings = findings[:n-1]
	}
	r := result(findings, incomplete)
	r.ReadAt, r.Credential = m.memory.now, credential
	m.memory.cache.Add(m.key(id, size, l), cache.Content{}, r)
}

// Write keeps what was added and, unless all objects of the project were asked for, what was not asked for.
func (m *Objects) Write(all bool) { m.memory.write(cache.Coverage(all)) }

// line is what the rules say of a path.
func (m *Objects) line(path workspace.Path) *Line {
	l := &Line{Entry: workspace.Entry{Path: path}}
	if m.names != nil {
		l.Verdict = m.names.Decide(path, workspace.File)
	}
	return l
}

func (m *Objects) key(id string, size int64, l *Line) cache.Key {
	return m.memory.cache.Object(id, size, place(l.Path, &l.Verdict))
}
