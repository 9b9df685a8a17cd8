// Package builtin holds the built-in rules, ready to be used: as values that the linker lays out, with the tables that the
// matcher needs for them.
package builtin

import (
	"cofferdam/rules/secret"
	"cofferdam/scan/engine/match"
)

//go:generate go run ./generate

// Set is rules with what belongs to them.
type Set struct {
	Config *secret.Config
	Tables *match.Tables
	Digest string // of Config, in hex
}

// All is the rules of gitleaks and those of the packs.
func All() Set { return Set{&allRules, &allTables, allDigest} }

// Gitleaks is the rules of gitleaks alone.
func Gitleaks() Set { return Set{&gitleaksRules, &gitleaksTables, gitleaksDigest} }
