package scan

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cofferdam/workspace"
)

// Progress is how far a scan has come. What is to be done is counted by a walk of its own, which is ahead of the scan
// and begins after a while; until Walked there is more than it says.
type Progress struct {
	Files      int64 // read or found unchanged
	Bytes      int64 // read
	Findings   int64
	FoundFiles int64 // 0 as long as nobody counts
	FoundBytes int64
	Walked     bool // FoundFiles and FoundBytes are all that there are
}

const (
	progressFiles = 256      // told after so many files
	progressBytes = 32 << 20 // or after so many bytes
	// surveyAfter is how long a scan takes before counting what there is to do is worth the time.
	surveyAfter = 300 * time.Millisecond
)

// meter adds up the progress of all readers.
type meter struct {
	tell func(Progress)
	mu   sync.Mutex

	files, bytes, findings atomic.Int64
	foundFiles, foundBytes atomic.Int64
	walked                 atomic.Bool
}

func (m *meter) file(findings int) {
	if m.tell == nil {
		return
	}
	m.findings.Add(int64(findings))
	if m.files.Add(1)%progressFiles == 0 {
		m.show()
	}
}

func (m *meter) read(n int) {
	if m.tell == nil {
		return
	}
	after := m.bytes.Add(int64(n))
	if after/progressBytes != (after-int64(n))/progressBytes {
		m.show()
	}
}

func (m *meter) show() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tell(Progress{
		Files: m.files.Load(), Bytes: m.bytes.Load(), Findings: m.findings.Load(),
		FoundFiles: m.foundFiles.Load(), FoundBytes: m.foundBytes.Load(), Walked: m.walked.Load(),
	})
}

// survey counts what there is to do, as long as ctx holds.
func (m *meter) survey(ctx context.Context, root *workspace.Root) {
	if pause(ctx, surveyAfter) == nil && workspace.Walk(ctx, root, surveyor{m, root}, 1) == nil {
		m.walked.Store(true)
	}
}

type surveyor struct {
	*meter
	root *workspace.Root
}

func (s surveyor) Visit(e workspace.Entry) bool {
	if e.Path.Base() == gitName || e.Mount != s.root.Stat().Mount {
		return false
	}
	if e.Type == workspace.File {
		s.foundFiles.Add(1)
		s.foundBytes.Add(e.Size)
	}
	return true
}

func (s surveyor) Fail(workspace.Path, error) {}
