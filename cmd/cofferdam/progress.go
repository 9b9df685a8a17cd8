package main

import (
	"fmt"
	"sync"
	"time"

	"cofferdam/scan"
)

// progress is a line on a terminal's stderr that says how far long work has come. Elsewhere it is silent.
type progress struct {
	streams
	verb    string
	mu      sync.Mutex
	enabled bool
	shown   bool
	next    time.Time
}

func (a *app) newProgress(verb string) *progress {
	// Work that is over at once needs no line.
	return &progress{streams: a.streams, verb: verb, enabled: isTerminal(a.err), next: time.Now().Add(300 * time.Millisecond)}
}

func (p *progress) scan(s scan.Progress) {
	if !p.enabled {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(100*time.Millisecond), true
	fmt.Fprintf(p.err, "\r\x1b[Kcofferdam: %s %d files, %s", p.verb, s.Files, size(s.Bytes))
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.enabled = false
	if p.shown {
		fmt.Fprint(p.err, "\r\x1b[K")
	}
}

// size is a number of bytes for people.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n), 0
	for value >= 999.5 && unit < 4 {
		value /= 1000
		unit++
	}
	return fmt.Sprintf("%.1f %cB", value, " kMGT"[unit])
}
