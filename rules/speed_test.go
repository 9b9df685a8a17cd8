package rules

import (
	"bytes"
	"strings"
	"testing"

	"cofferdam/workspace"
)

// ordinaryText is what has no credential in it, of the sorts that rules have the content decide of.
func ordinaryText() map[string][]byte {
	return map[string][]byte{
		"yaml": bytes.Repeat([]byte("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: front-end\n  labels: {app: shop, tier: web}\nspec:\n  replicas: 3\n  # as many as nodes\n"), 1000),
		"json": bytes.Repeat([]byte(`{"name": "list", "description": "value of the field that is watched", "required": ["spec"], "type": "object", "x-kind": 12},`+"\n"), 1000),
		"code": bytes.Repeat([]byte("\tfor (var i = 0; i < list.length; i++) {\n\t\tthis.nodes[i].value = level > 3 ? read(i) : null;\n\t}\n"), 1000),
		"text": bytes.Repeat([]byte("What stands here is read by people; of keys and of passwords it has none, and every line\nis as long as they like it: about this long.\n"), 1000),
	}
}

// To be compared with count: that is as fast as bytes can be looked at.
func BenchmarkCredential(b *testing.B) {
	set := NewSet(nil, nil)
	for name, text := range ordinaryText() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, ok := set.Credential(inspected, text); ok {
					b.Fatal("has a credential")
				}
			}
		})
		b.Run(name+"/count", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				bytes.Count(text, []byte("="))
			}
		})
	}
}

// To be compared with lookup: that is one look into a map for each component.
func BenchmarkDecide(b *testing.B) {
	set := NewSet(nil, nil)
	const dir, name = "staging/src/k8s.io/api/core/v1", "types.go"
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			set.Decide(dir+"/"+name, workspace.File)
		}
	})
	b.Run("in", func(b *testing.B) {
		in := set.In(dir)
		for b.Loop() {
			in.Decide(name, workspace.File)
		}
	})
	known := map[string]int{}
	for i, rule := range Default().Rules() {
		known[rule.Pattern] = i
	}
	parts := strings.Split(dir+"/"+name, "/")
	b.Run("lookup", func(b *testing.B) {
		found := 0
		for b.Loop() {
			for _, part := range parts {
				found += known[part]
			}
		}
	})
}
