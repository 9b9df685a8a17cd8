package assemble

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/rules/secret"
)

func expression(t *testing.T, cfg *secret.Config, id string) *regexp.Regexp {
	t.Helper()
	i := slices.IndexFunc(cfg.Rules, func(r secret.Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no rule %s", id)
	}
	return regexp.MustCompile(cfg.Rules[i].Regex)
}

func TestTokensStandBeforeMoreThanSpace(t *testing.T) {
	stock, all, err := Rules(config.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	token := "sk_" + "live_" + strings.Repeat("4eC39Hq", 3)
	for _, behind := range []string{":", "/", `\"`, ",", ")", "<", "&x=1", " "} {
		text := "x=" + token + behind
		if m := expression(t, all, "stripe-access-token").FindStringSubmatch(text); m == nil || m[1] != token {
			t.Errorf("before %q: found %q, want the token", behind, m)
		}
		if found := expression(t, stock, "stripe-access-token").MatchString(text); found != (behind == " ") {
			t.Errorf("before %q: the rule of gitleaks alone is not what it was", behind)
		}
	}
	if expression(t, all, "generic-api-key").String() != expression(t, stock, "generic-api-key").String() {
		t.Error("generic-api-key is not what gitleaks has")
	}
}

func TestWebhookIsFoundWhole(t *testing.T) {
	_, all, err := Rules(config.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	if n := expression(t, all, "microsoft-teams-webhook").NumSubexp(); n > 0 {
		t.Errorf("the expression has %d groups, of which one would be taken for the secret; want 0", n)
	}
}
