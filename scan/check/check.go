// Package check tells real tokens from text that merely looks like them: by the checksums and structures that their
// providers have put into them. It asks nobody and keeps nothing.
package check

import (
	"slices"
)

// Valid says whether secret passes the check of that name. An unknown name passes nothing.
func Valid(name, secret string) (ok, known bool) {
	test, known := tests[name]
	return known && test(secret), known
}

// Names is the names of all checks, sorted.
func Names() []string {
	names := make([]string, 0, len(tests))
	for name := range tests {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var tests = map[string]func(secret string) bool{
	"atlassian":       atlassian,
	"atlassian-dc":    atlassianDC,
	"aws-access-key":  awsAccessKey,
	"base58check":     base58check,
	"bech32":          bech32,
	"bytes-32":        func(s string) bool { return encodes(s, 32) },
	"bytes-64":        func(s string) bool { return encodes(s, 64) },
	"discord":         discord,
	"github":          github,
	"gitlab-routable": gitlabRoutable,
	"grafana":         grafana,
	"jfrog-reference": jfrogReference,
	"jwt":             jwt,
	"nats":            nats,
	"npm":             github, // npm took GitHub's format over: https://github.blog/2021-09-23-announcing-npms-new-access-token-format/
	"pem":             pemBlock,
	"pypi":            pypi,
	"secp256k1":       secp256k1,
	"solana":          func(s string) bool { return len(base58(s)) == 64 },
	"stellar":         stellar,
}
