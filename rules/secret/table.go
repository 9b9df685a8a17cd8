package secret

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// table is a TOML table that is being read. Keys are taken without regard to case, as gitleaks takes them; what nobody
// asked for is an unknown key. The first fault is kept, and what is read after it has no meaning.
type table struct {
	key    string // path of the table: rules[2].allowlists[0]; empty for the document
	values map[string]any
	known  []string // keys that were asked for, in lower case
	fault  *fault
}

type fault struct {
	key  string // path of the value
	rule string // id of the rule that it is in; may be empty
	err  error
}

func (f *fault) named() error {
	key := f.key
	if f.rule != "" {
		key = fmt.Sprintf("%s (%s)", key, f.rule)
	}
	if key == "" {
		return f.err
	}
	return fmt.Errorf("%s: %w", key, f.err)
}

func (t *table) fail(key string, format string, args ...any) {
	if t.fault.err == nil {
		t.fault.key, t.fault.err = t.path(key), fmt.Errorf(format, args...)
	}
}

func (t *table) path(key string) string {
	if t.key == "" || key == "" {
		return t.key + key
	}
	return t.key + "." + key
}

// take is the value of a key, or nil.
func (t *table) take(key string) any {
	t.known = append(t.known, strings.ToLower(key))
	if v, ok := t.values[key]; ok {
		return v
	}
	for k, v := range t.values {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return nil
}

func (t *table) close() {
	for k := range t.values {
		if !slices.Contains(t.known, strings.ToLower(k)) {
			t.fail(k, "unknown key")
		}
	}
}

func (t *table) text(key string) string {
	switch v := t.take(key).(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		t.fail(key, "is %s; want a string", kind(v))
		return ""
	}
}

func (t *table) flag(key string) bool {
	switch v := t.take(key).(type) {
	case nil:
		return false
	case bool:
		return v
	default:
		t.fail(key, "is %s; want true or false", kind(v))
		return false
	}
}

func (t *table) number(key string) float64 {
	switch v := t.take(key).(type) {
	case nil:
		return 0
	case float64:
		return v
	case int64:
		return float64(v)
	default:
		t.fail(key, "is %s; want a number", kind(v))
		return 0
	}
}

// count is a whole number of at least zero, or absent where there is none.
func (t *table) count(key string, absent int) int {
	const most = 1 << 30
	v := t.take(key)
	n, ok := v.(int64)
	switch {
	case v == nil:
		return absent
	case !ok:
		t.fail(key, "is %s; want a whole number", kind(v))
	case n < 0 || n > most:
		t.fail(key, "is %d; want 0 to %d", n, most)
	}
	return int(n)
}

// words is a list of strings; a single one is split at commas, as gitleaks does.
func (t *table) words(key string) []string {
	switch v := t.take(key).(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return strings.Split(v, ",")
	case []any:
		words := make([]string, 0, len(v))
		for i, item := range v {
			word, ok := item.(string)
			if !ok {
				t.fail(fmt.Sprintf("%s[%d]", key, i), "is %s; want a string", kind(item))
			}
			words = append(words, word)
		}
		return words
	default:
		t.fail(key, "is %s; want an array of strings", kind(v))
		return nil
	}
}

// table is a table below this one, or nil.
func (t *table) table(key string) *table {
	switch v := t.take(key).(type) {
	case nil:
		return nil
	case map[string]any:
		return &table{key: t.path(key), values: v, fault: t.fault}
	default:
		t.fail(key, "is %s; want a table", kind(v))
		return nil
	}
}

// tables is an array of tables; a single one stands for itself, as it does to gitleaks.
func (t *table) tables(key string) []*table {
	v := t.take(key)
	if v == nil {
		return nil
	}
	if one, ok := v.(map[string]any); ok {
		return []*table{{key: t.path(key), values: one, fault: t.fault}}
	}
	list, ok := v.([]any)
	if !ok {
		t.fail(key, "is %s; want an array of tables", kind(v))
	}
	tables := make([]*table, 0, len(list))
	for i, item := range list {
		values, ok := item.(map[string]any)
		if !ok {
			t.fail(fmt.Sprintf("%s[%d]", key, i), "is %s; want a table", kind(item))
		}
		tables = append(tables, &table{key: fmt.Sprintf("%s[%d]", t.path(key), i), values: values, fault: t.fault})
	}
	return tables
}

func kind(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case []any:
		return "an array"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

var errNoCheck = errors.New("has no check: give commits, paths, regexes or stopwords")
