package engine

import (
	"go/build"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// Law: what is true of random texts is true of files, with positives of every rule where they are hardest to see. The
// number of files is COFFERDAM_SCAN_GENERATED; each is always the same, so that answers kept for them hold.
func TestEngineEqualsDetectorOnGeneratedFiles(t *testing.T) {
	n := 2000
	if s := os.Getenv("COFFERDAM_SCAN_GENERATED"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	c := newComparison(t, "generated", cfg)
	var makers [len(c.pairs)]*maker
	for i := range makers {
		w := newWriter(1, cfg)
		makers[i] = &maker{writer: w, examples: labelled(t, w), sources: toolchainSources(t), exprs: map[string]*regexp.Regexp{}}
	}
	c.run(n, func(worker, i int) (path, text string) { return makers[worker].file(i) })
	if missing := c.missing(); len(missing) > 0 && n >= 2000 {
		t.Errorf("nothing was found with the rules %q", missing)
	}
}

// toolchainSources is text that surrounds secrets: code of several kinds, comments, tables, data.
func toolchainSources(t testing.TB) (texts []string) {
	t.Helper()
	for _, name := range []string{
		"fmt/print.go", "net/http/server.go", "crypto/tls/handshake_client.go", "encoding/json/decode.go", "html/entity.go", "unicode/utf8/utf8_test.go",
		"strings/strings_test.go", "crypto/x509/pem_decrypt_test.go", "net/http/request_test.go", "encoding/base64/base64_test.go", "runtime/asm_amd64.s",
		"cmd/go/internal/help/helpdoc.go", "net/url/url_test.go", "cmd/go.mod", "cmd/go.sum", "all.bash",
	} {
		text, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src", name))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}
