package match

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync/atomic"
)

// state refers to a state in a store: 0 to none, else to where its words begin. Its lowest bit says that whoever comes there
// has to look at it: something was found, or nothing more can be, or there is too much to go on.
type state uint32

func (s state) stops() bool { return s&1 != 0 }
func (s state) chunk() int  { return int(s >> (chunkBits + 1)) }
func (s state) word() int   { return int(s>>1) & (chunkWords - 1) }

// The words of a state, before those that say where each column leads.
const (
	wordFinal = iota // the set that matches if the text ends here, plus 1
	wordFound        // the set that matched just before the byte that led here
	wordItems        // where its items begin
	wordCount        // and how many there are
	wordKind         // the kind of the byte that led here, and marks
	wordHash
	stateWords
)

// Marks in wordKind.
const (
	muddled = 0x100 << iota // a rune led here that had to be told apart from others
	tooMany                 // there are too many items to go on, and none are kept
)

// Bounds of a store: 1 MiB of states and as much of items.
const (
	chunkBits  = 10
	chunkWords = 1 << chunkBits
	mostChunks = 256
	mostItems  = 256 << 10
)

type chunk [chunkWords]uint32

// newChunk writes zeros to it. Where memory that is new is read first, the kernel shows a page of zeros, which it has to
// take away again from all processors when the page is written to.
func newChunk() *chunk {
	c := new(chunk)
	clear(c[:])
	return c
}

// store holds the states of an automaton. It only grows, and one that is full is left to those who run over it. States
// are numbers that refer to one another by number, so that they are small, and garbage is collected without a look at
// them. What is below the lock's line belongs to the automaton's lock, all else may be read at any time.
type store struct {
	chunks [mostChunks]atomic.Pointer[chunk]
	sets   atomic.Pointer[[][]int32] // of matches; the first is empty
	starts []atomic.Uint32           // for the user

	memory *memory
	size   int // words of a state
	used   int // of the last chunk
	last   int // the last chunk
	items  []item
	table  []state // by hash
	count  int
	key    []byte
}

func newStore(m *memory, columns, starts int) *store {
	st := &store{memory: m, size: stateWords + columns, starts: make([]atomic.Uint32, starts), table: make([]state, 64)}
	st.sets.Store(&[][]int32{nil})
	st.chunks[0].Store(newChunk())
	st.used = 1 // so that no state is 0
	return st
}

// to is the state that a column leads to, or 0 if that is not made.
func (st *store) to(s state, column uint8) state {
	c := st.chunks[s.chunk()].Load()
	return state(atomic.LoadUint32(&c[(s.word()+stateWords+int(column))&(chunkWords-1)]))
}

func (st *store) at(s state, word int) *uint32 { return &st.chunks[s.chunk()].Load()[s.word()+word] }

func (st *store) lead(s state, column uint8, next state) {
	atomic.StoreUint32(st.at(s, stateWords+int(column)), uint32(next))
}

// found is what matched just before the byte that led to s.
func (st *store) found(s state) []int32 { return (*st.sets.Load())[*st.at(s, wordFound)] }

// dead reports whether nothing follows s.
func (st *store) dead(s state) bool { return *st.at(s, wordCount) == 0 }

// unsure reports whether it is not known what follows s.
func (st *store) unsure(s state) bool { return *st.at(s, wordKind)&(muddled|tooMany) != 0 }

// final is what matches if the text ends in s, where it is known.
func (st *store) final(s state) (found []int32, known bool) {
	n := atomic.LoadUint32(st.at(s, wordFinal))
	if n == 0 {
		return nil, false
	}
	return (*st.sets.Load())[n-1], true
}

func (st *store) kindOf(s state) kind { return kind(*st.at(s, wordKind)) }

func (st *store) itemsOf(s state) []item {
	from := *st.at(s, wordItems)
	return st.items[from : from+*st.at(s, wordCount)]
}

// set is the number of a set of matches.
func (st *store) set(found []int32) uint32 {
	sets := *st.sets.Load()
	for n, old := range sets {
		if slices.Equal(old, found) {
			return uint32(n)
		}
	}
	more := append(slices.Clip(sets), slices.Clone(found))
	st.sets.Store(&more)
	return uint32(len(more) - 1)
}

var seed = maphash.MakeSeed()

// intern is the state of these items and matches; 0 where there is no room for a new one.
func (st *store) intern(items []item, found []int32, kinds uint32) state {
	if len(items) > maxItems {
		items, kinds = nil, kinds|tooMany
	}
	set := st.set(found)
	hash := st.hash(items, set, kinds)
	slot := int(hash) & (len(st.table) - 1)
	for ; st.table[slot] != 0; slot = (slot + 1) & (len(st.table) - 1) {
		s := st.table[slot]
		if *st.at(s, wordHash) == hash && *st.at(s, wordFound) == set && *st.at(s, wordKind) == kinds && slices.Equal(st.itemsOf(s), items) {
			return s
		}
	}
	s := st.allot()
	if s == 0 || len(st.items)+len(items) > mostItems {
		return 0
	}
	*st.at(s, wordFound), *st.at(s, wordKind), *st.at(s, wordHash) = set, kinds, hash
	*st.at(s, wordItems), *st.at(s, wordCount) = uint32(len(st.items)), uint32(len(items))
	st.items = append(st.items, items...)
	if set != 0 || len(items) == 0 {
		s |= 1
	}
	st.table[slot] = s
	st.grow()
	return s
}

func (st *store) hash(items []item, set, kinds uint32) uint32 {
	st.key = binary.LittleEndian.AppendUint32(st.key[:0], set<<16^kinds)
	for _, it := range items {
		st.key = binary.LittleEndian.AppendUint32(st.key, uint32(it))
	}
	return uint32(maphash.Bytes(seed, st.key))
}

// allot finds room for the words of a state.
func (st *store) allot() state {
	if st.used+st.size > chunkWords {
		if st.last++; st.last == mostChunks {
			st.last--
			return 0
		}
		st.memory.take()
		st.chunks[st.last].Store(newChunk())
		st.used = 0
	}
	s := state(st.last<<chunkBits|st.used) << 1
	st.used += st.size
	return s
}

// grow keeps half of the table free.
func (st *store) grow() {
	if st.count++; 2*st.count < len(st.table) {
		return
	}
	old := st.table
	st.table = make([]state, 2*len(old))
	clear(st.table) // as newChunk
	for _, s := range old {
		if s == 0 {
			continue
		}
		slot := int(*st.at(s, wordHash)) & (len(st.table) - 1)
		for ; st.table[slot] != 0; slot = (slot + 1) & (len(st.table) - 1) {
		}
		st.table[slot] = s
	}
}
