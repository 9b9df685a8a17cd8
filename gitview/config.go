package gitview

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"strings"

	"cofferdam/internal/git"
	"cofferdam/workspace"
)

const maxConfig = 1 << 20

// config is the settings of a repository, by name in lower case; the last of several counts.
type config map[string]string

// readConfig reads the configuration of a repository, and nothing that it includes.
func readConfig(common, dir *workspace.Root) (config, error) {
	c := config{}
	if err := c.read(common, "config"); err != nil {
		return nil, err
	}
	if !c.truth("extensions.worktreeconfig") {
		return c, nil
	}
	return c, c.read(dir, "config.worktree")
}

func (c config) read(root *workspace.Root, name workspace.Path) error {
	text, err := readSmall(root, name, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if plain, ok := plainConfig(string(text)); ok {
		maps.Copy(c, plain)
		return nil
	}
	return c.ask(text)
}

// ask has git read a configuration.
func (c config) ask(text []byte) error {
	repo := &git.Repo{Top: "/", Dir: os.DevNull}
	cmd := repo.Command(context.Background(), "config", "--file", "-", "--no-includes", "--null", "--list")
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		return errors.New("git does not understand its config")
	}
	for setting := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if setting == "" { // there is none
			continue
		}
		key, value, valued := strings.Cut(setting, "\n")
		if !valued {
			value = "true"
		}
		c[strings.ToLower(key)] = value
	}
	return nil
}

func (c config) truth(name string) bool {
	switch strings.ToLower(c[name]) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

// kept are the settings that come along: what the file system can do, how lines end. Each has a handful of values, so
// none can carry anything else.
var kept = []struct {
	name   string
	values []string
}{
	{"core.filemode", []string{"true", "false"}},
	{"core.symlinks", []string{"true", "false"}},
	{"core.ignorecase", []string{"true", "false"}},
	{"core.precomposeunicode", []string{"true", "false"}},
	{"core.autocrlf", []string{"true", "false", "input"}},
	{"core.eol", []string{"lf", "crlf", "native"}},
}
