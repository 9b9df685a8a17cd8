package leaks

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `title = "sample"
[allowlist]
stopwords = ["Sample"]

[[rules]]
id = "first"
regex = '''\bfoo_[a-z0-9]{20}\b'''
keywords = ["Foo_"]

[[rules]]
id = "name"
path = '''\.key$'''

[[rules]]
id = "second"
regex = '''[0-9]{6}'''
keywords = ["pin"]
[[rules.allowlists]]
stopwords = ["123456", "12", "ABC"]
`

func TestDigest(t *testing.T) {
	f, err := Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewDigest(f.Rules)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.AddSpans(sample, f); err != nil {
		t.Fatal(err)
	}
	for id, rule := range got.Rules {
		if diff := cmp.Diff(&f.Rules[id], rule.Span.Rule(sample)); diff != "" {
			t.Errorf("the rule at %v (-want +got):\n%s", rule.Span, diff)
		}
		got.Rules[id].Span = Span{}
	}
	want := &Digest{Sum: Sum(sample), Global: got.Global, Generic: -1, Classes: []Class{"09az"},
		Rules: []Brief{
			{ID: "first", Keywords: []string{"foo_"}, Reach: Extent{Bytes: 36}},
			{ID: "second", Keywords: []string{"pin"}, Reach: Extent{Bytes: Unbounded, Lines: Unbounded}},
		},
		Words: []Word{
			{Text: "foo_", AnchorOf: []Anchor{{Rule: 0, Least: 20}}, KeywordOf: []int{0}},
			{Text: "pin", AnchorOf: []Anchor{{Rule: 1}}, KeywordOf: []int{1}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("digest (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Prefixes{"12", "abc"}, f.Rules[1].Allowlists[0].StopWords); diff != "" {
		t.Errorf("stop words (-want +got):\n%s", diff)
	}
}

// A rule that reads otherwise by itself than in its place must not get a span.
func TestSpansStandByThemselves(t *testing.T) {
	for name, text := range map[string]string{
		"allowlist behind": strings.Replace(sample, "[allowlist]\nstopwords = [\"Sample\"]\n", "", 1) + "\n[allowlist]\nstopwords = [\"Sample\"]\n",
		"another spelling": strings.ReplaceAll(strings.Replace(sample, "path =", "regex =", 1), "[[rules]]\nid = \"name\"", "[[ rules ]]\nid = \"name\"\nkeywords = [\"key\"]"),
		"in a string":      strings.Replace(sample, "[0-9]{6}", "[0-9]{6}\n[[rules]]\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			d, err := NewDigest(f.Rules)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.AddSpans(text, f); err == nil {
				t.Errorf("AddSpans(%q) succeeds", text)
			}
		})
	}
}

func TestNewDigestRefuses(t *testing.T) {
	for _, rule := range []Rule{{Regex: "("}, {Regex: "[0-9]+"}, {Regex: "[0-9]+", Keywords: []string{"x"}}} {
		if _, err := NewDigest([]Rule{rule}); err == nil {
			t.Errorf("NewDigest(%v) succeeds", rule)
		}
	}
}

func TestClassHoldsItsBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		var want, got [256]bool
		for i := range want {
			want[i] = random.IntN(3) > 0
		}
		newClass(&want).Fill(&got)
		if want != got {
			t.Fatalf("newClass(%v) holds %v", want, got)
		}
	}
}

// Law: a text contains one of the prefixes of a set of words where it contains one of the words.
func TestPrefixesInText(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	word := func(most int) string {
		var b strings.Builder
		for range 1 + random.IntN(most) {
			b.WriteByte("abcABC"[random.IntN(6)])
		}
		return b.String()
	}
	found := 0
	for range 20_000 {
		var words []string
		for range random.IntN(5) {
			words = append(words, word(5))
		}
		text := word(12)
		want := slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(w)) })
		if got := newPrefixes(words).In(text); got != want {
			t.Fatalf("newPrefixes(%q).In(%q) = %v, want %v", words, text, got, want)
		}
		if want {
			found++
		}
	}
	if found < 1000 {
		t.Errorf("only %d texts had a word in them", found)
	}
}
