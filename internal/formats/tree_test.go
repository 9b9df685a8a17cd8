package formats_test

import (
	"encoding/json"
	"testing"

	"cofferdam/internal/formats"
)

func TestSameShape(t *testing.T) {
	const token = "COFFERDAM_SECRET_ABCDEFGHIJKLMNOP"
	for _, test := range []struct {
		name, before, after string
		same                bool
	}{
		{"equal", `{"a":[1,null,"b"]}`, `{"a":[1,null,"b"]}`, true},
		{"a token", `{"a":"hunter2"}`, `{"a":"` + token + `"}`, true},
		{"a token for a number", `{"a":12345}`, `{"a":"` + token + `"}`, true},
		{"a token in a text", `"x://u:hunter2@h"`, `"x://u:` + token + `@h"`, true},
		{"other text around a token", `"x://u:hunter2@h"`, `"x://u:` + token + `@k"`, false},
		{"another text", `"a"`, `"b"`, false},
		{"another key", `{"a":1}`, `{"b":1}`, false},
		{"one more key", `{"a":1}`, `{"a":1,"b":1}`, false},
		{"a token for a key", `{"hunter2":1}`, `{"` + token + `":1}`, false},
		{"a shorter list", `[1,2]`, `[1]`, false},
		{"a token for a list", `[1]`, `"` + token + `"`, false},
		{"a number as text", `1`, `"1"`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var before, after any
			if json.Unmarshal([]byte(test.before), &before) != nil || json.Unmarshal([]byte(test.after), &after) != nil {
				t.Fatal("not JSON")
			}
			if where := formats.SameShape(before, after, pattern); (where == "") != test.same {
				t.Errorf("SameShape(%s, %s) = %q", test.before, test.after, where)
			}
		})
	}
}
