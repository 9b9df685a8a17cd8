package report

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cofferdam/internal/need"
	"cofferdam/scan"
)

// schema compiles a JSON schema of testdata. testdata/README.md says which are their owners' and which written here.
func schema(t testing.TB, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, text []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// reports are those that every schema has to accept.
func reports() map[string]*scan.Report {
	return map[string]*scan.Report{"empty": {}, "sample": sample(), "full": full(), "hostile": hostile("a\x00\x1b\u202e{0}[x](y)%zz?#:\xff", "\xfe!\n")}
}

func TestReportsFitTheirSchemas(t *testing.T) {
	for format, file := range map[string]string{"sarif": "sarif-schema-2.1.0.json", "gitlab": "gitlab-secret-detection.json"} {
		s := schema(t, file)
		for name, r := range reports() {
			for _, o := range []Options{{}, options()} {
				t.Run(format+" "+name, func(t *testing.T) {
					if err := validate(s, written(t, format, r, o)); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// A schema that accepts anything would prove nothing.
func TestSchemasRefuseWhatIsWrong(t *testing.T) {
	tests := []struct{ format, file, old, new string }{
		{"sarif", "sarif-schema-2.1.0.json", `"startLine": 3`, `"startLine": 0`},
		{"sarif", "sarif-schema-2.1.0.json", `"level": "error"`, `"level": "bad"`},
		{"sarif", "sarif-schema-2.1.0.json", `"uri": "a.go"`, `"uri": "a%zz.go"`},
		{"gitlab", "gitlab-secret-detection.json", `"severity": "High"`, `"severity": "high"`},
		{"gitlab", "gitlab-secret-detection.json", `"sha": "0000000"`, `"sha": ""`},
		{"gitlab", "gitlab-secret-detection.json", `"start_time": "2025-01-02T03:04:05"`, `"start_time": "2025-01-02T03:04:05Z"`},
	}
	for _, tt := range tests {
		text := string(written(t, tt.format, full(), options()))
		broken := strings.Replace(text, tt.old, tt.new, 1)
		if broken == text {
			t.Errorf("%s has no %s", tt.format, tt.old)
		}
		if validate(schema(t, tt.file), []byte(broken)) == nil {
			t.Errorf("the schema of %s accepts %s", tt.format, tt.new)
		}
	}
}

// xmllint checks a document against testdata/junit.xsd.
func xmllint(t *testing.T, text []byte) error {
	t.Helper()
	file := filepath.Join(t.TempDir(), "junit.xml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join("testdata", "junit.xsd"), file).CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

func TestJUnitFitsItsSchema(t *testing.T) {
	need.Program(t, "xmllint")
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			if err := xmllint(t, written(t, "junit", r, options())); err != nil {
				t.Error(err)
			}
		})
	}
	broken := bytes.Replace(written(t, "junit", full(), options()), []byte(`tests="`), []byte(`tests="x`), 1)
	if xmllint(t, broken) == nil {
		t.Error("the schema accepts a count that is no number")
	}
}

func TestSARIFSaysWhatIsIncomplete(t *testing.T) {
	var log sarifLog
	if err := json.Unmarshal(written(t, "sarif", &scan.Report{Incomplete: []scan.Incomplete{{Path: "x", Reason: "gone {0} [a](b)"}}}, Options{}), &log); err != nil {
		t.Fatal(err)
	}
	got := log.Runs[0].Invocations[0]
	if got.Successful || len(got.Notifications) != 1 || got.Notifications[0].Message.Text != `not scanned: gone {{0}} \[a\](b)` {
		t.Errorf("invocation = %+v", got)
	}
}
