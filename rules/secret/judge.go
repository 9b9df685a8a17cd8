package secret

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed judge.toml
var judgement []byte

// Judgement is what tells a secret from what only looks like one. Words are in lower case.
type Judgement struct {
	Guesses    []string   `toml:"guesses"`    // rules of others that go by a name
	Machine    []string   `toml:"machine"`    // rules about values that machines make
	Encoded    []string   `toml:"encoded"`    // rules about base64, where what it encodes counts
	Pairs      []string   `toml:"pairs"`      // those among them where it is a user and a password
	Lists      []string   `toml:"lists"`      // rules that lists of names match, too
	Parts      []string   `toml:"parts"`      // rules whose findings lie inside those of others
	Short      []string   `toml:"short"`      // rules of so short a form that base64 has it by chance
	Documented [][]string `toml:"documented"` // values in vendors' documentation, in pieces

	Placeholders struct {
		Words   []string `toml:"words"`
		Markers []string `toml:"markers"`
		Inside  []string `toml:"inside"`
		Syntax  []string `toml:"syntax"`
		Runs    []string `toml:"runs"`
		Prose   []string `toml:"prose"`
	} `toml:"placeholders"`

	References struct {
		Begin []string `toml:"begin"`
	} `toml:"references"`

	Keys struct {
		Passwords []string `toml:"passwords"` // ends of keys with nothing between their words
		Harmless  []string `toml:"harmless"`
		Vectors   []string `toml:"vectors"` // whole keys of hexadecimal in the tests of cryptography
		Samples   []string `toml:"samples"` // whole users of URLs that are samples
		Hashes    []string `toml:"hashes"`  // words of lines whose hexadecimal is a hash
	} `toml:"keys"`

	Paths struct {
		Fixtures  []string `toml:"fixtures"`
		Locales   []string `toml:"locales"`
		Locks     []string `toml:"locks"`
		Code      []string `toml:"code"`
		Documents []string `toml:"documents"`
		Live      []string `toml:"live"`
	} `toml:"paths"`

	Model struct {
		Pairs []string `toml:"pairs"` // 26 rows of 26 digits of base 36: half bits
	} `toml:"model"`
}

// Judge is the judgement that comes with this program. Nobody may change what it returns.
var Judge = sync.OnceValue(func() *Judgement {
	j, err := parseJudgement(judgement)
	if err != nil {
		panic("BUG: judge.toml: " + err.Error())
	}
	return j
})

func parseJudgement(text []byte) (*Judgement, error) {
	var j Judgement
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&j); err != nil {
		return nil, err
	}
	return &j, j.check()
}

// check holds what the judge relies on.
func (j *Judgement) check() error {
	const letters = 26
	if len(j.Model.Pairs) != letters {
		return fmt.Errorf("pairs has %d rows; want %d", len(j.Model.Pairs), letters)
	}
	for i, row := range j.Model.Pairs {
		if len(row) != letters {
			return fmt.Errorf("row %d of pairs has %d digits; want %d", i, len(row), letters)
		}
		for _, c := range []byte(row) {
			if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z') {
				return fmt.Errorf("row %d of pairs has %q, no digit of base 36", i, c)
			}
		}
	}
	return nil
}
