package match

import (
	"sync"
	"sync/atomic"
)

// memory is what the automata of a set share: a bound of what their states take. When it is used up, all states are
// dropped. Whoever runs over some goes on with them.
type memory struct {
	mu     sync.Mutex
	users  []*automaton
	chunks atomic.Int64
}

// maxChunks is how many chunks of states are kept, of 4 KiB each.
const maxChunks = 8192

func (m *memory) newStore(a *automaton) *store {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users = append(m.users, a)
	return newStore(m, len(a.columns.bytes), a.begins)
}

// take counts one more chunk, and has all automata begin anew where that is too many.
func (m *memory) take() {
	if m.chunks.Add(1) <= maxChunks {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.users {
		a.current.Store(nil)
	}
	m.users = nil
	m.chunks.Store(0)
}
