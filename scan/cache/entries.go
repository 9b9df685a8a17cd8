package cache

import "bufio"

// entries is what goes into a file: kept records by their number, added ones by theirs after the last kept one.
type entries struct {
	kept, added store
	numbers     []uint32
	head        head
	byKey       table
	byContent   table
	seeds       seeds
}

// collect chooses what to write: all that was added, the newest first so that it is the one that counts, then what was
// found and, of a part, the rest, as long as there is room.
func (c *Cache) collect(coverage Coverage) *entries {
	e := &entries{kept: c.image.store, added: c.added, seeds: c.seeds}
	n := c.image.len() + c.added.len()
	e.numbers = make([]uint32, 0, n)
	e.head = head{rules: c.rules, key: c.image.key, slots: slotsFor(n)}
	e.byKey = make(table, e.head.slots*slotLen)
	e.byContent = make(table, e.head.slots*slotLen)
	for i := c.added.len() - 1; i >= 0; i-- {
		e.enter(c.image.len() + i)
	}
	for _, found := range [...]bool{true, false} {
		if !found && coverage == Whole {
			break
		}
		for i := range c.image.len() {
			if c.found(i) == found {
				e.enter(i)
			}
		}
	}
	return e
}

// found says that Find has served record i.
func (c *Cache) found(i int) bool { return c.seen[i/64].Load()&(1<<(i%64)) != 0 }

// at is the record with this number and what it says besides.
func (e *entries) at(number int) (r record, blob []byte, ok bool) {
	s := e.kept
	if number >= s.len() {
		number, s = number-s.len(), e.added
	}
	blob, ok = s.blob(number)
	return s.record(number), blob, ok
}

// enter takes a record in, unless one of the same file is there, or there is no room.
func (e *entries) enter(number int) {
	r, blob, ok := e.at(number)
	larger := e.head
	larger.records++
	larger.blobs += len(blob)
	if !ok || larger.records > maxNumber || larger.fileLen() > maxFile {
		return
	}
	key := r.key()
	if !e.byKey.insert(e.seeds.key(key), len(e.numbers), func(i int) bool { return e.record(i).key() == key }) {
		return
	}
	if content := r.content(); content != (Content{}) {
		e.byContent.insert(content.hash(), len(e.numbers), func(i int) bool { return e.record(i).content() == content })
	}
	e.head = larger
	e.numbers = append(e.numbers, uint32(number))
}

// record is the one that was taken in as number i.
func (e *entries) record(i int) record {
	r, _, _ := e.at(int(e.numbers[i]))
	return r
}

func (e *entries) writeTo(w *bufio.Writer) {
	w.Write(e.head.append(nil))
	w.Write(e.byKey)
	w.Write(e.byContent)
	offset := 0
	line := make([]byte, 0, recordLen)
	for _, number := range e.numbers {
		r, blob, _ := e.at(int(number))
		line = appendSpan(append(line[:0], r[:atBlob]...), offset, len(blob))
		w.Write(line)
		offset += len(blob)
	}
	for _, number := range e.numbers {
		_, blob, _ := e.at(int(number))
		w.Write(blob)
	}
}
