package scan

import (
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"cofferdam/rules"
	"cofferdam/rules/secret"
	"cofferdam/scan/allow"
	"cofferdam/scan/cache"
	"cofferdam/scan/detect"
	"cofferdam/workspace"
)

// memory is what earlier scans found out about the files of a project. A nil one remembers nothing.
type memory struct {
	cache *cache.Cache
	rules map[string]*secret.Rule
	now   int64 // when the scan began
}

// remembers reports whether a scan of project uses a cache. One that lies in the project would be seen in a view of it.
func (o Options) remembers(project string) bool {
	if o.NoCache || o.CacheDir == "" {
		return false
	}
	dir := o.CacheDir
	for at := dir; at != "/" && at != "."; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			dir = filepath.Join(real, strings.TrimPrefix(dir, at))
			break
		}
	}
	return !strings.HasPrefix(dir+"/", strings.TrimSuffix(project, "/")+"/")
}

func newMemory(project string, o Options) *memory {
	d := o.detector()
	return &memory{
		cache: cache.Open(o.CacheDir, project, memoryDigest(d, o)),
		rules: d.ByID(),
		now:   time.Now().UnixNano(),
	}
}

// memoryDigest stands for all that decides what is found in a file: the rules, how deep it looks, and this program,
// by the identity of its file.
func memoryDigest(d *detect.Detector, o Options) [32]byte {
	text := binary.LittleEndian.AppendUint64([]byte(d.Digest()), uint64(o.Depth))
	text = binary.LittleEndian.AppendUint64(text, uint64(o.Archives))
	var stat unix.Stat_t
	if err := unix.Stat("/proc/self/exe", &stat); err != nil {
		stat.Ino = uint64(os.Getpid()) // Without it, nothing must be taken from another run.
	}
	for _, n := range []uint64{stat.Ino, uint64(stat.Size), uint64(stat.Mtim.Nano())} {
		text = binary.LittleEndian.AppendUint64(text, n)
	}
	return sha256.Sum256(text)
}

func (m *memory) empty() bool { return m == nil || m.cache.Len() == 0 }

// write keeps what was found for the next scan. Where it cannot, that one reads everything again.
func (m *memory) write(coverage cache.Coverage) {
	if m != nil {
		_ = m.cache.Write(coverage)
	}
}

// place is what the results of a file depend on besides its content: its path and what the rules say of that.
func place(path workspace.Path, verdict *rules.Verdict) string {
	if verdict == nil {
		return string(path)
	}
	r := &verdict.Rule
	flags := ""
	if r.Binary {
		flags += "b"
	}
	if r.Code {
		flags += "c"
	}
	return string(path) + "\x00" + string(verdict.Action) + "\x00" + flags + "\x00" + r.Kind + "\x00" + r.Pattern
}

// recall takes what an earlier scan found in a file that has not changed since.
func (r *reader) recall(rec *record) bool {
	if r.memory.empty() {
		return false
	}
	m := r.memory
	key := m.cache.Key(workspace.Path(place(rec.path, rec.verdict)), rec.stat)
	result, ok := m.cache.Find(key, m.now)
	if !ok || r.opts.Hash && !result.Hash.Known() {
		return false
	}
	findings, problems, ok := m.recalled(rec.path, &result)
	if !ok {
		return false
	}
	r.findings = append(r.findings, findings...)
	r.incomplete = append(r.incomplete, problems...)
	rec.state, rec.readAt = Scanned, result.ReadAt
	if r.opts.Hash || result.Credential != "" {
		rec.detail().hash, rec.detail().credential = result.Hash, result.Credential
	}
	r.add(*rec)
	r.reused++
	r.meter.file(len(findings))
	return true
}

// recallContent takes what an earlier scan found in a file of this path and content, be it that all else about the file
// is new: after a checkout, a restored backup or another mount. Text is all of the file.
func (r *reader) recallContent(f *file, text []byte) bool {
	m := r.memory
	if m == nil {
		return false
	}
	f.content = m.cache.Content(text, place(f.path, f.verdict))
	if m.empty() {
		return false
	}
	result, ok := m.cache.FindContent(f.content)
	if !ok {
		return false
	}
	findings, problems, ok := m.recalled(f.path, &result)
	if !ok {
		return false
	}
	f.findings, f.problems, f.credential = findings, problems, result.Credential
	r.reused++
	return true
}

// remember keeps what was found in f.
func (r *reader) remember(f *file) {
	if r.memory == nil {
		return
	}
	result := result(f.findings, f.problems)
	result.ReadAt, result.Hash, result.Credential = f.readAt, f.hash, f.credential
	key := r.memory.cache.Key(workspace.Path(place(f.path, f.verdict)), f.stat)
	r.memory.cache.Add(key, f.content, result)
}

// result is what is to be remembered of a file or object.
func result(findings []Finding, problems []Incomplete) (r cache.Result) {
	for _, p := range problems {
		r.Problems = append(r.Problems, cache.Problem{Reason: p.Reason})
	}
	for i := range findings {
		r.Findings = append(r.Findings, remembered(&findings[i]))
	}
	return r
}

// recalled is what was remembered of the file or object at path; not ok where a rule of it is not there any more.
func (m *memory) recalled(path workspace.Path, result *cache.Result) (findings []Finding, problems []Incomplete, ok bool) {
	for i := range result.Findings {
		f, ok := m.finding(path, &result.Findings[i])
		if !ok {
			return nil, nil, false
		}
		findings = append(findings, f)
	}
	for _, p := range result.Problems {
		problems = append(problems, Incomplete{path, p.Reason})
	}
	return findings, problems, true
}

func remembered(f *Finding) cache.Finding {
	return cache.Finding{
		Rule: f.Rule, Severity: f.Severity, Member: f.Member, Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn,
		Offset: f.Offset, Length: f.Length, Fingerprint: f.Fingerprint, Decoded: f.Decoded, Entropy: f.Entropy, Comment: string(f.comment),
	}
}

// finding is what was remembered with what its rule says; it is not there where the rule is not.
func (m *memory) finding(path workspace.Path, c *cache.Finding) (Finding, bool) {
	rule, ok := m.rules[c.Rule]
	if !ok {
		return Finding{}, false
	}
	return Finding{
		Rule: c.Rule, Description: rule.Description, Severity: c.Severity, Why: rule.Why, Path: path, Member: c.Member,
		Line: c.Line, Column: c.Column, EndLine: c.EndLine, EndColumn: c.EndColumn, Offset: c.Offset, Length: c.Length,
		Fingerprint: c.Fingerprint, Decoded: c.Decoded, Entropy: c.Entropy, Tags: rule.Tags, comment: allow.Source(c.Comment),
	}, true
}
