package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/internal/term"
)

// app is what the verbs share: the streams, the host, and the flags that every verb has.
type app struct {
	streams
	host    cofferdam.Host
	project string
	json    bool
}

// newRoot makes the command tree.
func newRoot(s streams) (*cobra.Command, *app) {
	a := &app{streams: s}
	root := &cobra.Command{
		Use:   "cofferdam",
		Short: "Run a command on a project without its secrets, then review and land what it changed",
		Long: "Cofferdam hides the credentials of a project, runs a command in a sandbox on an overlay of it, shows what the\n" +
			"command changed, and applies, discards or undoes that.",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			var err error
			a.host, err = readHost(os.Getenv)
			return err
		},
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%w", err) })
	flags := root.PersistentFlags()
	flags.StringVarP(&a.project, "project", "C", "", "project `directory` (default: upwards from here, the nearest with .cofferdam.toml or .git)")
	flags.BoolVar(&a.json, "json", false, "print the answer, errors included, as JSON")
	root.Args = cobra.ArbitraryArgs
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage("there is no command %q; cofferdam --help lists them", args[0])
		}
		return cmd.Help()
	}
	root.AddCommand(a.newScan(), a.newRun(), a.newList(), a.newDiff(), a.newApply(), a.newDiscard(), a.newUndo(),
		a.newStage(), a.newExplain(), a.newRules(), a.newDoctor(), a.newVersion())
	for _, cmd := range root.Commands() {
		checkArgs(cmd)
	}
	return root, a
}

// checkArgs makes a wrong number of arguments a usage error.
func checkArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage("%w", err)
		}
		return nil
	}
}

// execute runs one command line and returns the exit code.
func execute(s streams, args []string) int {
	root, a := newRoot(s)
	root.SetArgs(args)
	ran, err := root.ExecuteC()
	code, hint := verdictOf(err)
	if ran != nil && ran.Name() == "run" {
		code, hint = verdictOfRun(err)
	}
	var coded *codeError
	said := err == nil || errors.As(err, &coded) && coded.err == nil
	switch {
	case said:
	case a.json:
		writeJSON(s.out, errorJSON{Version: 1, Error: errorText{Message: err.Error(), Code: code, Hint: hint}})
	default:
		text := err.Error()
		if errors.Is(err, context.Canceled) {
			text = "interrupted"
		}
		fmt.Fprintln(s.err, "cofferdam: "+term.Escape(text, true))
		if hint != "" {
			fmt.Fprintln(s.err, "cofferdam: hint: "+hint)
		}
	}
	return code
}

type errorJSON struct {
	Version int       `json:"version"`
	Error   errorText `json:"error"`
}

type errorText struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
	Hint    string `json:"hint,omitempty"`
}

// readHost reads the environment, once.
func readHost(env func(string) string) (cofferdam.Host, error) {
	home := env("HOME")
	if !filepath.IsAbs(home) {
		return cofferdam.Host{}, fmt.Errorf("HOME is %q; it must be an absolute path", home)
	}
	base := func(name, fallback string) string {
		if dir := env(name); filepath.IsAbs(dir) { // the XDG specification: relative ones are to be ignored
			return dir
		}
		return filepath.Join(home, fallback)
	}
	return cofferdam.Host{
		Home:       filepath.Clean(home),
		ConfigFile: filepath.Join(base("XDG_CONFIG_HOME", ".config"), "cofferdam", "config.toml"),
		StateDir:   filepath.Join(base("XDG_STATE_HOME", ".local/state"), "cofferdam"),
		CacheDir:   filepath.Join(base("XDG_CACHE_HOME", ".cache"), "cofferdam"),
	}, nil
}

// open opens the project that the flags or the working directory mean, and says what its policy may not do.
func (a *app) open() (*cofferdam.Project, error) {
	dir := a.project
	if dir == "" {
		var err error
		if dir, err = cofferdam.FindProject(a.host, "."); err != nil {
			return nil, err
		}
	}
	p, err := cofferdam.OpenProject(a.host, dir)
	if err != nil {
		return nil, err
	}
	for _, line := range p.Ignored {
		a.tell("%s", line)
	}
	return p, nil
}
