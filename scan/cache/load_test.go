package cache

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
)

// small is the file of a cache of n results.
func small(t testing.TB, n int) []byte {
	t.Helper()
	dir := t.TempDir()
	fill(t, dir, n)
	raw, err := os.ReadFile(cachePath(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// signed is raw with the checksum that it should have.
func signed(raw []byte) []byte {
	raw = bytes.Clone(raw)
	text := raw[:len(raw)-checkLen]
	digest := newDigest([32]byte(raw[atKey:]))
	digest.Write(text)
	return digest.Sum(text)
}

func readBytes(raw []byte) (image, error) {
	return readImage(bytes.NewReader(raw), int64(len(raw)), testRules)
}

// For every byte, every change of it, every length: the whole file is dropped.
func TestDamageDropsTheWhole(t *testing.T) {
	raw := small(t, 5)
	if _, err := readBytes(raw); err != nil {
		t.Fatalf("undamaged: %v", err)
	}
	for i := range raw {
		for _, flip := range []byte{1, 0x80, 0xff} {
			raw[i] ^= flip
			if m, err := readBytes(raw); err == nil {
				t.Errorf("byte %d ^ %#x: %d results were served", i, flip, m.len())
			}
			raw[i] ^= flip
		}
		if m, err := readBytes(raw[:i]); err == nil {
			t.Errorf("cut to %d bytes: %d results were served", i, m.len())
		}
	}
	for _, longer := range [][]byte{append(bytes.Clone(raw), 0), append(bytes.Clone(raw), raw...)} {
		if _, err := readBytes(longer); err == nil {
			t.Errorf("%d bytes of %d were served", len(longer), len(raw))
		}
	}
	for from := 0; from+8 < len(raw); from += 8 {
		lost := bytes.Clone(raw)
		clear(lost[from:])
		if _, err := readBytes(lost); err == nil {
			t.Errorf("a file that is zero from %d on was served", from)
		}
	}
}

// The file was cut short after it was measured.
func TestFileShrinksWhileRead(t *testing.T) {
	raw := small(t, 5)
	for _, n := range []int{0, 10, headLen, headLen + 1, len(raw) - checkLen, len(raw) - 1} {
		if _, err := readImage(bytes.NewReader(raw[:n]), int64(len(raw)), testRules); err != errDamaged {
			t.Errorf("%d of %d bytes: %v, want %v", n, len(raw), err, errDamaged)
		}
	}
}

// Whatever the numbers in a file say that has the right checksum: no panic, no endless walk, and no result but one that
// a record holds.
func TestHostileNumbers(t *testing.T) {
	raw := small(t, 5)
	for at := 0; at+4 <= len(raw)-checkLen; at += 4 {
		for _, n := range []uint32{0, 1, 6, 0xff, 1<<24 - 1, 0x7fffffff, 0xffffffff} {
			hostile := bytes.Clone(raw)
			binary.LittleEndian.PutUint32(hostile[at:], n)
			use(t, signed(hostile))
			hostile[at+3] = raw[at+3] // the tag of a slot
			use(t, signed(hostile))
		}
	}
}

// FuzzHostileFile gives the file's reader any bytes, with the right checksum.
func FuzzHostileFile(f *testing.F) {
	f.Add(small(f, 1))
	f.Add(small(f, 5))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) < headLen+checkLen {
			readBytes(raw)
			return
		}
		use(t, signed(raw))
	})
}

// FuzzHostileBody is FuzzHostileFile behind a header that holds.
func FuzzHostileBody(f *testing.F) {
	for _, n := range []int{1, 5} {
		raw := small(f, n)
		f.Add(raw[headLen:len(raw)-checkLen], uint8(n), uint8(slotsFor(n)))
	}
	f.Fuzz(func(t *testing.T, body []byte, records, slots uint8) {
		h := head{rules: testRules, records: int(records), slots: int(slots)}
		if h.blobs = len(body) - h.fileLen() + headLen + checkLen; h.blobs < 0 {
			return
		}
		raw := append(h.append(nil), body...)
		use(t, signed(append(raw, make([]byte, checkLen)...)))
	})
}

// use asks for everything that a file may have.
func use(t *testing.T, raw []byte) {
	t.Helper()
	m, err := readBytes(raw)
	if err != nil {
		return
	}
	s := seedsOf(m.key)
	for i := range m.len() {
		key, content := m.record(i).key(), m.record(i).content()
		if j, ok := m.find(key, s); ok && m.record(j).key() != key {
			t.Errorf("find(%v) = %v", key, m.record(j).key())
		}
		if j, ok := m.findContent(content); ok && m.record(j).content() != content {
			t.Errorf("findContent(%x) = %x", content, m.record(j).content())
		}
		m.result(i)
	}
	m.find(Key{Ino: 5}, s)
	m.findContent(Content{5})
	c := &Cache{image: m, seeds: s, seen: newSeen(m.len())}
	e := c.collect(Part)
	var w bytes.Buffer
	if err := e.writeFile(&w); err != nil {
		t.Fatal(err)
	}
	if w.Len() != e.head.fileLen() {
		t.Errorf("wrote %d bytes, want %d", w.Len(), e.head.fileLen())
	}
}
