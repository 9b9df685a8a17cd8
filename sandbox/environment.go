package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// inherited are the variables that describe the user and the terminal, and hold no credential.
var inherited = []string{"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "TZ", "SHELL"}

// environment is what the command gets of host, which is as os.Environ gives it, and of extra: "NAME" is taken from
// host, "NAME=value" stands for itself.
func environment(host, extra []string, home, dir string) ([]string, error) {
	var env []string
	values := map[string]string{}
	for _, entry := range host {
		name, value, _ := strings.Cut(entry, "=")
		values[name] = value
		if slices.Contains(inherited, name) || strings.HasPrefix(name, "LC_") {
			env = setVariable(env, name, value)
		}
	}
	env = setVariable(env, "PATH", absolutePath(values["PATH"]))
	env = setVariable(env, "HOME", home)
	env = setVariable(env, "TMPDIR", "/tmp")
	env = setVariable(env, "PWD", dir)
	for _, entry := range extra {
		name, value, given := strings.Cut(entry, "=")
		if name == "" || strings.ContainsRune(entry, 0) {
			return nil, fmt.Errorf("environment variable %q has no valid name or value", entry)
		}
		if !given {
			var set bool
			if value, set = values[name]; !set {
				continue
			}
		}
		env = setVariable(env, name, value)
	}
	return env, nil
}

func setVariable(env []string, name, value string) []string {
	env = slices.DeleteFunc(env, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
	return append(env, name+"="+value)
}

// absolutePath drops what names the current directory, which in a project is whatever the project put there.
func absolutePath(path string) string {
	dirs := slices.DeleteFunc(strings.Split(path, ":"), func(dir string) bool { return !strings.HasPrefix(dir, "/") })
	if len(dirs) == 0 {
		return defaultPath
	}
	return strings.Join(dirs, ":")
}
