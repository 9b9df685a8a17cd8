package scan

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"cofferdam/scan/internal/leaks"
	"cofferdam/workspace"
)

// Law: what promising leaves out, the stock detector does not find. The values are about as random as the rule asks, and
// some have a stop word in them.
func TestPromisingAgreesWithStock(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 11))
	e := engineForTest()
	id := e.ids[leaks.GenericRule]
	words := e.source(id).Allowlists[1].StopWords
	if len(words) < 1000 {
		t.Fatalf("%d stop words in the list that should have most", len(words))
	}
	alphabets := []string{"ab1", "abcdefgh1234", "abcdefghijklmnopqrstuvwxyz0123456789", "aAbBcC0=-.", "0123456789"}
	found, promised, all := 0, 0, 0
	for range 1500 {
		value := randomValue(random, alphabets[random.IntN(len(alphabets))], 10+random.IntN(30))
		if random.IntN(3) == 0 {
			at := random.IntN(len(value))
			value = value[:at] + strings.ToUpper(words[random.IntN(len(words))]) + value[at:]
		}
		line := fmt.Sprintf("api_%s = %q;\n", []string{"key", "token", "\u017fecret"}[random.IntN(3)], value)
		found += compareWithStock(t, workspace.Path("a.go"), line)
		for _, m := range e.expr(id).FindAllString(line, -1) {
			all++
			if promising(e.source(id), e.expr(id), m) {
				promised++
			}
		}
	}
	t.Logf("%d findings in %d promising ones of %d", found, promised, all)
	if found < 100 || promised > all*4/5 {
		t.Errorf("%d findings in %d promising ones of %d: the texts try too little", found, promised, all)
	}
}

func randomValue(random *rand.Rand, alphabet string, n int) string {
	value := make([]byte, n)
	for i := range value {
		value[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(value)
}
