// Package rules decides, by name and by structure, which files of a project stand for credentials. The rules are
// data: adding one changes no Go. It reads no file itself.
package rules

//go:generate go run ./generate
