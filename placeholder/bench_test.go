package placeholder

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"cofferdam/internal/diff3"
)

// large is a text of about 1 MiB with a value in every 20th line, as marked.
func large() string {
	var b strings.Builder
	for i := 0; b.Len() < 1<<20; i++ {
		if i%20 == 0 {
			fmt.Fprintf(&b, "  setting_%d: «k%d|value-%d-of-many»\n", i, i, i)
			continue
		}
		fmt.Fprintf(&b, "  setting_%d: an ordinary value # and what it is for\n", i)
	}
	return b.String()
}

// BenchmarkFind against SHA-256 of the same bytes, in a text that has nothing to find, and in one made to be hard.
func BenchmarkFind(b *testing.B) {
	r := &Record{}
	for i := range 500 {
		r.Places = append(r.Places, Place{Token: sampleToken(i)})
	}
	set := NewSet(r)
	plain, _ := spansOf(large())
	tag := tagOf(sampleToken(7))
	texts := map[string]string{
		"plain":    plain,
		"prefixes": strings.Repeat(prefix, len(plain)/len(prefix)),
		"windows":  strings.Repeat(tag[:plainWindow]+"0", len(plain)/9),
		"gaps":     strings.Repeat(tag[:1]+strings.Repeat(" ", longestGap-1), len(plain)/longestGap),
		"tokens":   strings.Repeat(sampleToken(7), len(plain)/len(sampleToken(7))),
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				set.Find([]byte(text))
			}
		})
	}
	b.Run("taken", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		for b.Loop() {
			set.Taken([]byte(plain))
		}
	})
	b.Run("sha256", func(b *testing.B) {
		b.SetBytes(int64(len(plain)))
		for b.Loop() {
			sha256.Sum256([]byte(plain))
		}
	})
}

// BenchmarkRoundTrip against the merge alone.
func BenchmarkRoundTrip(b *testing.B) {
	raw, spans := spansOf(large())
	view := mustRedact(b, []byte(raw), spans)
	theirs := bytes.ReplaceAll(view.Text, []byte("setting_7"), []byte("renamed_7"))
	host := []byte(strings.ReplaceAll(raw, "value-2", "value-x"))
	values, err := Locate(view.Text, host, &view.Record, testKey(1), spans)
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, once func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if err := once(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("redact", func() error { _, err := Redact([]byte(raw), spans, testKey(1)); return err })
	run("locate", func() error { _, err := Locate(view.Text, host, &view.Record, testKey(1), spans); return err })
	run("restore", func() error { _, err := Restore(theirs, values, Options{}); return err })
	ours, err := values.Redacted()
	if err != nil {
		b.Fatal(err)
	}
	run("merge", func() error { diff3.Merge(view.Text, ours, theirs, diff3.Options{}); return nil })
}
