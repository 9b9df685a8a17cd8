package scan

import (
	"regexp"
	"strings"
	"sync"

	"cofferdam/placeholder"
)

// maxRest is how much, in bytes, may stand beside a placeholder in what a rule takes for a secret: a user's name, the host
// of a URL. What is longer may be a secret by itself.
const maxRest = 16

// tokenForms is what may be around a placeholder. It is made when the first is met: most runs, and every PID 1, meet none.
var tokenForms = sync.OnceValue(func() (f struct {
	pemLine, url *regexp.Regexp
	marks        *strings.Replacer
}) {
	f.pemLine = regexp.MustCompile(`-----(?:BEGIN|END) [A-Z0-9 ]+-----`)
	f.url = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://[^\s]*$`)
	f.marks = strings.NewReplacer(`\n`, "", `\r`, "", `\t`, "", " ", "", "\t", "", "\n", "", "\r", "", `"`, "", "'", "", "+", "", ",", "", "|", "", "#", "", "*", "", "/", "")
	return f
})

// placeholders reports whether what a rule takes for a secret is placeholders that stand for one, and little else.
func placeholders(secret string) bool {
	if !strings.Contains(secret, "COFFERDAM_") {
		return false
	}
	rest := string(placeholder.Without([]byte(secret)))
	if len(rest) == len(secret) {
		return false
	}
	forms := tokenForms()
	return forms.url.MatchString(rest) || len(forms.marks.Replace(forms.pemLine.ReplaceAllString(rest, ""))) <= maxRest
}
