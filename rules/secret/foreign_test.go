package secret_test

import (
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/rules/secret"
)

func stock(t *testing.T) *secret.Config {
	t.Helper()
	c, err := secret.Parse("gitleaks.toml", []byte(config.DefaultConfig))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// For every rule of gitleaks: the list says how bad its findings are, and why.
func TestForeignRulesAreRated(t *testing.T) {
	c := stock(t)
	if err := c.Rate(); err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Rules {
		if r.Severity == "" || !strings.HasSuffix(r.Why, ".") {
			t.Errorf("%s has severity %q and why %q", r.ID, r.Severity, r.Why)
		}
	}
}

func TestRateRefusesOtherRules(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*secret.Config)
		want   string
	}{
		{"one more", func(c *secret.Config) { c.Rules = append(c.Rules, secret.Rule{ID: "new-token"}) }, `"new-token" is missing`},
		{"one less", func(c *secret.Config) { c.Rules[0].ID = "private-key" }, "does not exist"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := stock(t)
			test.change(c)
			if err := c.Rate(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Rate() = %v, want one with %q", err, test.want)
			}
		})
	}
}
