package scan

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a matched value. It holds a pointer, so that no way of printing it, nor a struct around it, shows more
// than [redacted] or an address.
type Secret struct{ value *string }

// NewSecret wraps value, which it copies: a Secret does not keep a whole file in memory.
func NewSecret(value string) Secret {
	own := string([]byte(value))
	return Secret{&own}
}

// Reveal is the value. Only staging and applying may ask.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Len is the length of the value in bytes.
func (s Secret) Len() int { return len(s.Reveal()) }

// Format prints [redacted] for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// String is [redacted].
func (s Secret) String() string { return redacted }

// GoString is [redacted].
func (s Secret) GoString() string { return redacted }

// MarshalText is [redacted], in JSON, XML and TOML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is [redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
