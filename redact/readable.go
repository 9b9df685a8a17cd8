package redact

import (
	"cofferdam/scan/fields"
	"cofferdam/workspace"
)

// Understood reports whether there is a reader for the file at path, about which a rule of some kind speaks.
func Understood(path workspace.Path, kind string) bool {
	_, ok := fields.Of(string(path), kind)
	return ok
}

// Readable reports whether every secret of the file at path, about which a rule of some kind speaks, has a place of its own
// in the format, so that a reader can find them all by where they stand.
func Readable(path workspace.Path, kind string) bool {
	format, ok := fields.Of(string(path), kind)
	if !ok {
		return false
	}
	switch format.Name {
	case "dotenv", "shell", "netrc", "pgpass", "git-credentials", "htpasswd", "htdigest", "npmrc", "yarnrc", "python ini", "aws", "mysql":
		return true
	}
	return false
}
