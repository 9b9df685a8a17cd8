package scan

import (
	"regexp"
	"strings"

	"cofferdam/placeholder"
)

// maxRest is how much, in bytes, may stand beside a placeholder in what a rule takes for a secret: a user's name, the host
// of a URL. What is longer may be a secret by itself.
const maxRest = 16

var (
	pemLine = regexp.MustCompile(`-----(?:BEGIN|END) [A-Z0-9 ]+-----`)
	urlHead = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://[^\s]*$`)
)

// placeholders reports whether what a rule takes for a secret is placeholders that stand for one, and little else.
func placeholders(secret string) bool {
	if !strings.Contains(secret, "COFFERDAM_") {
		return false
	}
	rest := string(placeholder.Without([]byte(secret)))
	if len(rest) == len(secret) {
		return false
	}
	if urlHead.MatchString(rest) {
		return true
	}
	rest = pemLine.ReplaceAllString(rest, "")
	rest = strings.NewReplacer(`\n`, "", `\r`, "", `\t`, "", " ", "", "\t", "", "\n", "", "\r", "", `"`, "", "'", "", "+", "", ",", "", "|", "", "#", "", "*", "", "/", "").Replace(rest)
	return len(rest) <= maxRest
}
