package secret

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// place is name with the line of a key, or of the nearest table around it that has one.
func place(name string, text []byte, key string) string {
	lines := keyLines(text)
	for key = strings.ToLower(key); key != ""; key = key[:max(strings.LastIndexAny(key, ".["), 0)] {
		if line, ok := lines[key]; ok {
			return fmt.Sprintf("%s:%d", name, line)
		}
	}
	return name
}

// keyLines are the lines of all keys and array elements, by paths in lower case such as rules[2].keywords[0].
func keyLines(text []byte) map[string]int {
	k := keyPlaces{text: text, line: 1, lines: map[string]int{}, arrays: map[string]int{}}
	k.parser.Reset(text)
	for k.parser.NextExpression() {
		k.add(k.parser.Expression())
	}
	return k.lines
}

type keyPlaces struct {
	parser unstable.Parser
	text   []byte
	done   int // offset up to which lines are counted
	line   int // at done
	lines  map[string]int
	arrays map[string]int // tables so far, by the path of their array
	prefix string
}

func (k *keyPlaces) add(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table:
		k.prefix = k.resolve("", e.Key(), false)
	case unstable.ArrayTable:
		k.prefix = k.resolve("", e.Key(), true)
	case unstable.KeyValue:
		key := k.resolve(k.prefix, e.Key(), false)
		if e.Value().Kind != unstable.Array {
			return
		}
		items, i := e.Value().Children(), 0
		for items.Next() {
			k.note(fmt.Sprintf("%s[%d]", key, i), items.Node())
			i++
		}
	}
}

// resolve makes a path of a key and notes its line. The last table of an array is the one that is meant.
func (k *keyPlaces) resolve(prefix string, parts unstable.Iterator, array bool) string {
	for parts.Next() {
		if prefix != "" {
			prefix += "."
		}
		prefix += strings.ToLower(string(parts.Node().Data))
		if array && parts.IsLast() {
			k.arrays[prefix]++
		}
		node, n := parts.Node(), k.arrays[prefix]
		if n > 0 {
			prefix = fmt.Sprintf("%s[%d]", prefix, n-1)
		}
		if parts.IsLast() {
			k.note(prefix, node)
		}
	}
	return prefix
}

func (k *keyPlaces) note(key string, at *unstable.Node) {
	offset := int(at.Raw.Offset)
	if at.Raw.Length == 0 || offset < k.done || offset > len(k.text) {
		return
	}
	k.line += bytes.Count(k.text[k.done:offset], []byte("\n"))
	k.done = offset
	k.lines[key] = k.line
}
