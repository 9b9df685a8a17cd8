package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"cofferdam/internal/need"
)

// decode reads the documents of a YAML file of this repository.
func decode(t *testing.T, name string, documents ...any) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := yaml.NewDecoder(file)
	for _, document := range documents {
		if err := d.Decode(document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := d.Decode(new(any)); err != io.EOF {
		t.Fatalf("%s has more documents than %d: %v", name, len(documents), err)
	}
}

func TestThePreCommitHookStopsASecret(t *testing.T) {
	var hooks []struct {
		ID, Name, Entry, Language string
		PassFilenames             bool `yaml:"pass_filenames"`
		Stages                    []string
	}
	decode(t, ".pre-commit-hooks.yaml", &hooks)
	for _, hook := range hooks {
		t.Run(hook.ID, func(t *testing.T) {
			if hook.Name == "" || hook.Language != "golang" || hook.PassFilenames || len(hook.Stages) == 0 {
				t.Errorf("hook %+v is not what pre-commit needs to run it", hook)
			}
			b := newMachine(t)
			script := "#!/bin/sh\nexec " + hook.Entry + "\n"
			if err := os.WriteFile(filepath.Join(b.repo, ".git", "hooks", "pre-commit"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			b.write("app.conf", "url = here\n")
			b.mustRun("git", "add", "-A")
			b.mustRun("git", "commit", "-q", "-m", "two")
			b.write("app.conf", leak)
			b.mustRun("git", "add", "-A")
			if code, out := b.run(nil, "git", "commit", "-q", "-m", "three"); code == 0 || !strings.Contains(out, "app.conf") {
				t.Errorf("a commit with a secret exits with %d and says %q", code, out)
			}
			if _, out := b.run(nil, "git", "log", "--format=%s"); out != "two\none\n" {
				t.Errorf("the log is %q", out)
			}
		})
	}
}

// action is what action.yml says.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, Shell, Run string
	Env              map[string]string
	Dir              string `yaml:"working-directory"`
}

// act runs steps of the action as a runner does.
func (b *machine) act(a *action, steps []step, inputs map[string]string) (code int, output string) {
	b.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		b.Fatal(err)
	}
	summary := filepath.Join(b.base, "summary.md")
	if err := os.WriteFile(summary, nil, 0o600); err != nil {
		b.Fatal(err)
	}
	env := []string{"GITHUB_ACTION_PATH=" + root, "RUNNER_TEMP=" + filepath.Join(b.base, "temp"), "GITHUB_STEP_SUMMARY=" + summary,
		"GOCACHE=" + b.caches[0], "GOMODCACHE=" + b.caches[1], "GOFLAGS=-buildvcs=false"}
	for _, s := range steps {
		script := filepath.Join(b.base, "step.sh")
		if s.Dir != "" { // a runner changes there; so that all steps have one directory, the script does here
			s.Run = "cd '" + strings.ReplaceAll(s.Dir, "${{ github.action_path }}", root) + "'\n" + s.Run
		}
		if err := os.WriteFile(script, []byte(s.Run), 0o600); err != nil {
			b.Fatal(err)
		}
		own := slices.Clone(env)
		for name, value := range s.Env {
			for input, spec := range a.Inputs {
				given, ok := inputs[input]
				if !ok {
					given = spec.Default
				}
				if value == "${{ inputs."+input+" }}" {
					own = append(own, name+"="+given)
				}
			}
		}
		if code, output = b.run(own, "bash", "--noprofile", "--norc", "-eo", "pipefail", script); code != 0 {
			break
		}
	}
	return code, output
}

func TestTheGitHubAction(t *testing.T) {
	need.Program(t, "bash")
	need.Program(t, "go")
	var a action
	decode(t, "action.yml", &a)
	steps := slices.DeleteFunc(a.Runs.Steps, func(s step) bool { return s.Run == "" }) // what is left uses other actions
	for _, s := range steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q writes an expression into its script", s.Name)
		}
	}
	b := newMachine(t)
	caches, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	b.caches = strings.Fields(string(caches))
	if code, out := b.act(&a, steps, nil); code != 0 {
		t.Fatalf("the action on a clean project exits with %d: %s", code, out)
	}
	steps = steps[len(steps)-1:] // it is built
	b.write("app.conf", leak)
	code, out := b.act(&a, steps, map[string]string{"sarif": "out.sarif", "since": "HEAD"})
	if code != exitFindings || !strings.Contains(out, "::error file=app.conf,line=1,") {
		t.Errorf("the action on a secret exits with %d: %s", code, out)
	}
	if !json.Valid(b.read(filepath.Join(b.repo, "out.sarif"))) {
		t.Error("the SARIF report is no JSON")
	}
	if summary := b.read(filepath.Join(b.base, "summary.md")); !bytes.Contains(summary, []byte("app.conf")) {
		t.Errorf("the summary is %q", summary)
	}
	for input := range a.Inputs {
		for _, value := range []string{"$(touch pwned)", "; touch pwned", "`touch pwned`", `" && touch pwned "`, "x\ntouch pwned", "--write-baseline=pwned"} {
			b.act(&a, steps, map[string]string{input: value})
			if left, _ := filepath.Glob(filepath.Join(b.repo, "pwned*")); len(left) > 0 {
				t.Fatalf("input %s = %q made %v", input, value, left)
			}
		}
	}
}

func TestTheGitLabTemplate(t *testing.T) {
	var spec struct {
		Spec struct {
			Inputs map[string]struct{ Default *string }
		}
	}
	type job struct {
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct{ Reports map[string]string }
	}
	var jobs map[string]job
	decode(t, "templates/scan/template.yml", &spec, &jobs)
	if len(jobs) != 1 {
		t.Fatalf("the template has %d jobs", len(jobs))
	}
	scan := jobs["cofferdam-scan"]
	script := strings.Join(append(scan.BeforeScript, scan.Script...), "\n")
	if strings.Contains(script, "$[[") {
		t.Error("the template writes an input into its script")
	}
	b := newMachine(t)
	work := func(args string) (int, string) {
		var env []string
		for name, value := range scan.Variables {
			for input, spec := range spec.Spec.Inputs {
				given := map[string]string{"source": "https://example.invalid/x.git", "args": args}[input]
				if given == "" && spec.Default != nil {
					given = *spec.Default
				}
				value = strings.ReplaceAll(value, fmt.Sprintf("$[[ inputs.%s ]]", input), given)
			}
			env = append(env, name+"="+value)
		}
		return b.run(env, "sh", "-ec", script)
	}
	if code, out := work(""); code != 0 {
		t.Fatalf("the job on a clean project exits with %d: %s", code, out)
	}
	b.write("app.conf", leak)
	if code, out := work("--fail-on=critical --require-complete"); code != 0 {
		t.Errorf("the job with flags exits with %d: %s", code, out)
	}
	if code, out := work("; touch pwned"); code != exitUsage {
		t.Errorf("the job with a command for a flag exits with %d: %s", code, out)
	}
	if _, err := os.Stat(filepath.Join(b.repo, "pwned")); err == nil {
		t.Error("an input is run as a command")
	}
	if code, out := work(""); code != exitFindings || !strings.Contains(out, "app.conf") {
		t.Errorf("the job on a secret exits with %d: %s", code, out)
	}
	var report struct {
		Version         string
		Vulnerabilities []struct{ Location struct{ File string } }
	}
	if err := json.Unmarshal(b.read(filepath.Join(b.repo, scan.Artifacts.Reports["secret_detection"])), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Vulnerabilities) != 1 || report.Vulnerabilities[0].Location.File != "app.conf" {
		t.Errorf("the report has %+v", report.Vulnerabilities)
	}
	if err := xml.Unmarshal(b.read(filepath.Join(b.repo, scan.Artifacts.Reports["junit"])), new(struct{ XMLName xml.Name })); err != nil {
		t.Errorf("the JUnit report: %v", err)
	}
}
