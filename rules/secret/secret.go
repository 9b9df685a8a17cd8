// Package secret holds the rules about secrets in text, as data in the format of gitleaks' configuration with a few keys
// more. It decides nothing: package scan has the engine that they drive.
package secret

// Config is a set of rules.
type Config struct {
	Title      string
	Rules      []Rule
	Allowlists []Allowlist // for all rules

	// A config with one of these is not whole: Extend or Load makes it so. An engine refuses it.
	Extends  *Extension // the config that it builds on; nil for none
	Targeted []Targeted // allowlists for rules that the config builds on may have
}

// Extension is what a config builds on: either the default config or that in the file at Path.
type Extension struct {
	Path       string
	UseDefault bool
	Disabled   []string // rules of the config below that are left out
}

// Targeted is an allowlist for the rules that it names alone.
type Targeted struct {
	Rules     []string
	Allowlist Allowlist
}

// Rule says how one kind of secret looks. Its expressions are in the syntax of package regexp.
type Rule struct {
	ID          string
	Description string
	Regex       string      // empty in a rule about paths alone
	Path        string      // the path has to match it too; empty for any path
	SecretGroup int         // the group that is the secret; 0 for the first one that is not empty, or the match
	Entropy     float64     // bits a byte that the secret has to exceed; 0 for any
	Keywords    []string    // in lower case; the text has one of them; none for any text
	Tags        []string    // passed on to findings
	Allowlists  []Allowlist // what is no secret after all
	Required    []Required  // other rules that have to match near by
	SkipReport  bool        // only there to be required

	// What gitleaks does not know. A rule without them means what it means to gitleaks.
	Severity string // critical, high, medium or low; empty for medium in rules that go by a name, else high
	Why      string // what makes it a secret, for people
	Check    string // name of a test that the secret has to pass, such as a checksum
	Judge    bool   // a match is a guess by its name: what its context says can drop it
}

// Required is another rule that has to match too, within so many lines and columns where they are not negative.
type Required struct {
	Rule          string
	WithinLines   int
	WithinColumns int
}

// Allowlist says what is no secret: where one of its checks holds or, with All, where all that it has do.
type Allowlist struct {
	Description string
	All         bool
	Commits     []string
	Paths       []string // expressions
	Regexes     []string // expressions, for Target
	Target      Target
	StopWords   []string // a secret that has one of them in it
}

// Target is what the expressions of an Allowlist are tried on.
type Target string

// The targets. An unknown word means TargetSecret, as it does to gitleaks.
const (
	TargetSecret Target = ""
	TargetMatch  Target = "match"
	TargetLine   Target = "line"
)
