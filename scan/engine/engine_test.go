package engine

import (
	"fmt"
	"testing"
	"time"
)

var paths = []string{
	"a/main.go", "deploy/secret.yaml", "x/nuget.config", "main.tf", "go.sum", "vendor/github.com/a/b.svg", "index.php", "certs/store.p12", "", "a/README.md",
	"x/conf.yml", "sub/template.env", "Generic.toml",
}

var depths = []int{0, 5, 1, 5}

// Law: whatever the text, the engine finds what the detector of gitleaks finds.
func TestEngineEqualsDetector(t *testing.T) {
	p := defaultPair(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := newWriter(seed, p.config)
	matches, n := 0, 0
	for place := range p.config.Rules {
		n++
		matches += p.compare(t, w.pick(paths), w.text(place), depths[n%len(depths)])
	}
	t.Logf("%d findings", matches)
	if matches < len(p.config.Rules)/4 {
		t.Errorf("only %d findings in texts made for %d rules", matches, len(p.config.Rules))
	}
}

func FuzzEngineEqualsDetector(f *testing.F) {
	p := defaultPair(f)
	w := newWriter(1, p.config)
	for place := range p.config.Rules {
		f.Add(w.pick(paths), w.text(place), uint8(place))
	}
	f.Fuzz(func(t *testing.T, path, text string, depth uint8) {
		p.compare(t, path, text, int(depth%6))
	})
}

// The same with a seed for the text, which keeps the fuzzer within texts that rules match.
func FuzzEngineEqualsDetectorOnSeeds(f *testing.F) {
	p := defaultPair(f)
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		w := newWriter(seed, p.config)
		p.compare(t, w.pick(paths), w.text(w.IntN(len(p.config.Rules))), w.IntN(6))
	})
}

func TestPlacesAreThoseOfGitleaks(t *testing.T) {
	p := defaultPair(t)
	assignment := "api_key = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\""
	token := "gh" + "p_" + "aB3dE5fG7haB3dE5fG7haB3dE5fG7hKl9mN1"
	for name, text := range map[string]string{
		"empty": "", "feed": "\n", "feeds": "\n\n\n", "first line": assignment, "first line ended": assignment + "\n", "last line": "a\nb\n" + assignment,
		"after feeds": "\n\n\n" + assignment + "\n\n", "return": "a\r" + assignment + "\rb", "return after feed": "x\na\r" + assignment + "\rb\rc",
		"twice": assignment + " " + token, "generic gives way": "api_key = \"" + token + "\"\n", "false in it": "password = \"" + "xFalse9s8d7f6g5h4" + "\"",
		"fold": "to\u212aen = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\"\n\u017fecret = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\"", "percent": "x=" + "api_key%3D%22aB3dE5fG7hJ9kL1mN3pQ%22" + "\n",
	} {
		for _, depth := range []int{0, 5} {
			t.Run(fmt.Sprintf("%s %d", name, depth), func(t *testing.T) { p.compare(t, "a.txt", text, depth) })
		}
	}
}
