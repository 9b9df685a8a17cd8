package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"cofferdam/scan"
)

// progress is a line on a terminal's stderr that says how far long work has come. Elsewhere it is silent.
type progress struct {
	streams
	verb    string
	start   time.Time
	mu      sync.Mutex
	enabled bool
	shown   bool
	next    time.Time
}

func (a *app) newProgress(verb string) *progress {
	now := time.Now()
	// Work that is over at once needs no line.
	return &progress{streams: a.streams, verb: verb, start: now, enabled: isTerminal(a.err), next: now.Add(300 * time.Millisecond)}
}

// teller is what a scan is to tell of its progress, or nil, which spares it the counting.
func (p *progress) teller() func(scan.Progress) {
	if !p.enabled {
		return nil
	}
	return p.scan
}

func (p *progress) scan(s scan.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if !p.enabled || now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(100*time.Millisecond), true
	line := progressLine(p.verb, s, now.Sub(p.start))
	// A line that wraps could not be taken away. All of it is ASCII.
	fmt.Fprint(p.err, "\r\x1b[K"+line[:min(len(line), width(p.err)-1)])
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

// progressLine is how far a scan has come after so much time: files, bytes, findings, time left.
func progressLine(verb string, s scan.Progress, elapsed time.Duration) string {
	files, bytes := plural(int(s.Files), "file"), size(s.Bytes)
	if s.Walked {
		files = fmt.Sprintf("%d of %s", s.Files, plural(int(max(s.FoundFiles, s.Files)), "file"))
		bytes = fmt.Sprintf("%s of %s", size(s.Bytes), size(max(s.FoundBytes, s.Bytes)))
	}
	parts := []string{files, bytes, plural(int(s.Findings), "finding")}
	if left := timeLeft(s, elapsed); left > 0 {
		parts = append(parts, "about "+roughly(left)+" left")
	}
	return fmt.Sprintf("cofferdam: %s %s", verb, strings.Join(parts, ", "))
}

// timeLeft is how long a scan will go on, or 0 where nobody can tell. Small files cost by number and big ones by size, so
// the share that is done is taken to be in the middle between the two.
func timeLeft(s scan.Progress, elapsed time.Duration) time.Duration {
	if !s.Walked {
		return 0
	}
	done := (share(s.Files, s.FoundFiles) + share(s.Bytes, s.FoundBytes)) / 2
	if done < 0.02 {
		return 0
	}
	return time.Duration(float64(elapsed) * (1 - done) / done)
}

func share(part, whole int64) float64 {
	if part >= whole {
		return 1
	}
	return float64(part) / float64(whole)
}

// roughly is a duration for people.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(1, int(d.Seconds()+0.5)))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
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
