package fields

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
)

// oracle is a parser that knows nothing of this package.
type oracle struct {
	program string
	args    []string // "FILE" stands for the file
}

const (
	pyINI = `import configparser,sys
c=configparser.RawConfigParser(allow_no_value=True,strict=False); c.read_file(open(sys.argv[1],encoding='utf-8-sig'))
for s in sorted(c.sections()):
  print(s)
  for k,v in sorted(c[s].items()): print(' ',k,'' if v is None else v.count('\n'))`
	pyJSON = `import json,sys
def shape(v): return {k:shape(x) for k,x in v.items()} if isinstance(v,dict) else [shape(x) for x in v] if isinstance(v,list) else '' if isinstance(v,(str,int,float)) and not isinstance(v,bool) else v
print(json.dumps(shape(json.load(open(sys.argv[1],encoding='utf-8-sig')))))`
	pyTOML = `import sys,json
try:
  import tomllib
except ImportError:
  from pip._vendor import tomli as tomllib
def shape(v): return {k:shape(x) for k,x in v.items()} if isinstance(v,dict) else [shape(x) for x in v] if isinstance(v,list) else v if isinstance(v,bool) else ''
print(json.dumps(shape(tomllib.load(open(sys.argv[1],'rb')))))`
	pyXML = `import sys,xml.etree.ElementTree as e
def walk(n,d): print(' '*d,n.tag,sorted(n.attrib),bool((n.text or '').strip())); [walk(c,d+1) for c in n]
walk(e.parse(sys.argv[1]).getroot(),0)`
	pyNetrc = `import netrc,sys
n=netrc.netrc(sys.argv[1])
print(sorted((h,v[0]) for h,v in n.hosts.items()))`
	nodeEnv = `const fs=require('fs');const {parseEnv}=require('util');
const o=parseEnv(fs.readFileSync(process.argv[1],'utf8'));console.log(JSON.stringify(Object.keys(o).map(k=>[k,o[k].includes("\n")])))`
)

// oracles are those for the formats, by name. What one prints is the structure, without values that may be secret.
var oracles = map[string][]oracle{
	"docker config": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}}, "terraform": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}},
	"composer auth": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}}, "agent settings": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}},
	"json": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}}, "secrets": {{program: "python3", args: []string{"-c", pyJSON, "FILE"}}},
	"toml": {{program: "python3", args: []string{"-c", pyTOML, "FILE"}}},
	"xml":  {{program: "python3", args: []string{"-c", pyXML, "FILE"}}}, "nuget": {{program: "python3", args: []string{"-c", pyXML, "FILE"}}},
	"python ini": {{program: "python3", args: []string{"-c", pyINI, "FILE"}}}, "aws": {{program: "python3", args: []string{"-c", pyINI, "FILE"}}},
	"rclone": {{program: "python3", args: []string{"-c", pyINI, "FILE"}}}, "s3": {{program: "python3", args: []string{"-c", pyINI, "FILE"}}},
	"ini": {{program: "python3", args: []string{"-c", pyINI, "FILE"}}}, "netrc": {{program: "python3", args: []string{"-c", pyNetrc, "FILE"}}},
	"git config": {{program: "git", args: []string{"config", "-f", "FILE", "--list", "--name-only"}}},
	"dotenv":     {{program: "node", args: []string{"-e", nodeEnv, "FILE"}}},
	"php":        {{program: "php", args: []string{"-l", "FILE"}}},
}

// For every file: the ecosystem's own parser takes the redacted file and finds the same structure in it.
func TestOraclesReadRedacted(t *testing.T) {
	asked := map[string]int{}
	for _, r := range corpus(t) {
		f, _ := Of(r.path, "")
		for _, o := range oracles[f.Name] {
			switch filepath.Ext(r.path) {
			case ".toml":
				o = oracles["toml"][0]
			case ".yml":
				continue // no parser of YAML is at hand that is not the lexer's own
			}
			t.Run(r.path, func(t *testing.T) {
				path, err := exec.LookPath(o.program)
				if err != nil {
					t.Skipf("no %s", o.program)
				}
				text, _ := r.expand(3)
				fields, err := f.Read([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				redacted, places := redact(t, text, fields)
				before, okBefore := o.run(t, path, text)
				after, okAfter := o.run(t, path, redacted)
				if !okBefore {
					t.Skipf("%s does not read the original either", o.program)
				}
				asked[o.program]++
				if !okAfter || keysOnly(after, redacted, places) != keysOnly(before, text, secretSpans(fields)) {
					t.Errorf("%s finds another structure:\n%s\n%s", o.program, before, after)
				}
			})
		}
	}
	t.Log("files read:", asked)
	if _, err := exec.LookPath("python3"); err == nil && asked["python3"] < 20 {
		t.Errorf("python3 read %d files, want 20", asked["python3"])
	}
}

func (o oracle) run(t *testing.T, path, text string) (output string, ok bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := make([]string, len(o.args))
	for i, arg := range o.args {
		args[i] = strings.ReplaceAll(arg, "FILE", file)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "PYENV_VERSION=" + os.Getenv("PYENV_VERSION"), "LC_ALL=C.UTF-8"}
	out, err := cmd.Output()
	return strings.ReplaceAll(string(out), file, "FILE"), err == nil
}

func secretSpans(fields []Field) (spans []sample.Span) {
	for _, f := range secretsOf(fields) {
		spans = append(spans, sample.Span{Start: f.Start, End: f.End})
	}
	return spans
}

// keysOnly takes what stands in the spans out of the output: the name of a section of git may have a password in it.
func keysOnly(output, text string, spans []sample.Span) string {
	for _, s := range spans {
		if s.End-s.Start >= 8 {
			output = strings.ReplaceAll(output, text[s.Start:s.End], "")
			output = strings.ReplaceAll(output, strings.ToLower(text[s.Start:s.End]), "")
		}
	}
	return output
}
