package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Digest stands for the values, whatever they are called. Without key it tells nothing about them. A Known of no value has
// one, too.
func (k *Known) Digest(key []byte) (sum [sha256.Size]byte) {
	var texts []string
	if k != nil {
		for _, v := range k.values {
			texts = append(texts, v.Secret.Reveal())
		}
	}
	slices.Sort(texts)
	h := hmac.New(sha256.New, key)
	for _, text := range texts {
		h.Write(binary.AppendUvarint(nil, uint64(len(text))))
		h.Write([]byte(text))
	}
	h.Sum(sum[:0])
	return sum
}
