package scan

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cofferdam/rules/secret"
	"cofferdam/rules/secret/sample"
	"cofferdam/scan/detect"
	"cofferdam/workspace"
)

// classTexts is a text for each example of the packs, in which a rule finds something under one path or another.
func classTexts(t *testing.T) (texts []string) {
	t.Helper()
	names, packs := secret.Packs()
	for i := range packs {
		pack, err := secret.ParsePack(names[i], packs[i])
		must(t, err)
		for _, e := range pack.Examples {
			for _, template := range slices.Concat(e.Positives, e.Negatives) {
				_, template = sample.Path(template)
				text, _ := sample.Expand(template, 1)
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// classPath is a path of parts that rules and the judge ask about, and of others.
func classPath(random *rand.Rand) string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	dir := pick("", "", "a/", "b/c/", "tests/", "x/TestData/", "vendor/github.com/a/", "node_modules/x/", "locales/", "docs/", "kube/", "raddb/", "env/", "ü/", "éxamples/")
	name := pick("a", "b", "app", "config", "secrets", "credentials", "LICENSE", "radius", "ipsec", "messages_de", "x_test", "a.example", "kubeconfig", "ſecrets", "Keepalived")
	end := pick("", "", ".env", ".yml", ".yaml", ".json", ".md", ".go", ".txt", ".sh", ".ini", ".conf", ".p12", ".lock", ".sum", ".min.js", ".svg", ".JSON", ".properties", ".tfvars", ".log", ".gradle", ".php", ".br", ".bin", ".exe")
	return dir + name + end
}

// Law: in the same text, the same is found at all paths of a class.
func TestPathsOfAClassAreTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, d := range map[string]detector{"all": {detect.Default(), DefaultDepth}, "gitleaks": {detect.Gitleaks(), DefaultDepth}} {
		t.Run(name, func(t *testing.T) {
			classes := map[string][]workspace.Path{}
			for range 2000 {
				p := workspace.Path(classPath(random))
				class, ok := d.pathClass(p)
				if !ok {
					t.Fatal("the built-in rules have no classes")
				}
				if !slices.Contains(classes[class], p) {
					classes[class] = append(classes[class], p)
				}
			}
			compared, found := 0, 0
			for _, text := range classTexts(t) {
				for _, paths := range classes {
					if len(paths) < 2 || random.IntN(150) > 0 {
						continue
					}
					a, b := paths[random.IntN(len(paths))], paths[random.IntN(len(paths))]
					want, err := d.find(t.Context(), a, text)
					must(t, err)
					got, err := d.find(t.Context(), b, text)
					must(t, err)
					if !cmp.Equal(want, got, cmp.AllowUnexported(match{})) {
						t.Fatalf("at %q there are %d matches, at %q, of the same class, %d or others", a, len(want), b, len(got))
					}
					compared++
					found += len(want)
				}
			}
			if compared < 500 || found < 50 {
				t.Errorf("%d pairs compared, with %d matches: too few to say anything", compared, found)
			}
		})
	}
}

func TestClassesTellPathsApart(t *testing.T) {
	d := engineForTest()
	for _, pair := range [][2]workspace.Path{
		{"a/f.txt", "tests/f.txt"}, {"f.txt", "f.yml"}, {"f.txt", "F.go"}, {"x/f.go", "vendor/f.go"}, {"a.br", "a.xx"}, {"go.sum", "go.sun"}, {"i18n/f", "i18/f"}, {"x/env/f", "x/enw/f"},
		{"checksums.txt", "checksums.txt.d/f.txt"}, // the same parts, another end
		{"cookbook/f", "coo\u212abook/f"},          // a Kelvin sign is a k to one who folds and not to another
	} {
		a, _ := d.pathClass(pair[0])
		b, _ := d.pathClass(pair[1])
		if a == b {
			t.Errorf("%q and %q are of one class", pair[0], pair[1])
		}
	}
	a, _ := d.pathClass("daily/src/main.go")
	b, _ := d.pathClass("weekly/src/main.go")
	if a != b {
		t.Error("a program in two backups is of two classes")
	}
	own, err := detect.New(&secret.Config{})
	must(t, err)
	if _, ok := (detector{own, 0}).pathClass("a"); ok {
		t.Error("it is known what a user's own rules ask of a path")
	}
}

// Every list of the judge about paths is asked for; one more has to be, too.
func TestClassesKnowTheJudgesLists(t *testing.T) {
	lists := reflect.ValueOf(secret.Judge().Paths)
	words := judgedWords(secret.Judge())
	total := 0
	for i := range lists.NumField() {
		list := lists.Field(i).Interface().([]string)
		total += len(list)
		if !slices.Contains(words, list[0]) {
			t.Errorf("%s is not among the words", lists.Type().Field(i).Name)
		}
	}
	if total != len(words) {
		t.Errorf("%d words of %d", len(words), total)
	}
}

// BenchmarkPathClass is to be held against reading a small file, 50 us.
func BenchmarkPathClass(b *testing.B) {
	d := engineForTest()
	b.ReportAllocs()
	for b.Loop() {
		d.pathClass("node_modules/.pnpm/some-package@1.2.3/node_modules/some-package/dist/index.js")
	}
}
