// Package builtin holds the built-in rules, ready to be used: as values that the linker lays out, with the tables that the
// matcher needs for them.
package builtin

import (
	"cofferdam/rules/secret"
	"cofferdam/scan/engine/match"
)

//go:generate go run ./generate

// All is the rules of gitleaks and those of the packs.
func All() (*secret.Config, *match.Tables) { return &allRules, &allTables }

// Gitleaks is the rules of gitleaks alone.
func Gitleaks() (*secret.Config, *match.Tables) { return &gitleaksRules, &gitleaksTables }
