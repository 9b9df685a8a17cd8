package placeholder

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
)

const hidden = "[redacted]"

var errNoKey = errors.New("no session key")

// Key is the secret of a session. It holds a pointer to a string, so that no way of printing it, nor a struct around it,
// shows more than [redacted] or an address.
type Key struct{ secret *string }

// NewKey wraps 32 random bytes.
func NewKey(secret [32]byte) Key {
	text := string(secret[:])
	return Key{&text}
}

// RandomKey is a key that nobody has.
func RandomKey() Key {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // It never fails.
	return NewKey(secret)
}

// Reveal is the 32 bytes, for the one file that keeps them; zeros for the zero Key.
func (k Key) Reveal() [32]byte {
	if k.secret == nil {
		return [32]byte{}
	}
	return [32]byte([]byte(*k.secret))
}

// Format prints [redacted] for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [redacted], in JSON, XML and TOML.
func (k Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue is [redacted].
func (k Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// mac names a value without telling it.
type mac [sha256.Size]byte

func (k Key) mac(value []byte) mac {
	h := hmac.New(sha256.New, []byte(*k.secret))
	h.Write(value)
	return mac(h.Sum(nil))
}

func parseMAC(text string) (m mac, ok bool) {
	if len(text) != hex.EncodedLen(len(m)) {
		return m, false
	}
	_, err := hex.Decode(m[:], []byte(text))
	return m, err == nil
}

// Value is a secret value, as its format's reader understands it. It prints as Key does.
type Value struct{ text *string }

// NewValue wraps text.
func NewValue(text string) Value { return Value{&text} }

// Format prints [redacted] for every verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText is [redacted], in JSON, XML and TOML.
func (v Value) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue is [redacted].
func (v Value) LogValue() slog.Value { return slog.StringValue(hidden) }
