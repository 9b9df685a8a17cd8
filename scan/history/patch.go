package history

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"

	"cofferdam/scan"
	"cofferdam/workspace"
)

// maxPatch bounds a patch in bytes.
const maxPatch = 256 << 20

// Patch searches what a patch, as git or diff -u write it, adds. Lines are those of the new files. What the patch leaves
// as it was is looked at, since a secret may reach into it, and not reported. The report has no ledger.
func Patch(ctx context.Context, r io.Reader, s Searcher) (*scan.Report, error) {
	counted := &io.LimitedReader{R: r, N: maxPatch + 1}
	files, preamble, err := gitdiff.Parse(counted)
	if err != nil {
		return nil, fmt.Errorf("read patch: %w", err)
	}
	if counted.N == 0 {
		return nil, fmt.Errorf("read patch: over the limit of %d MiB", maxPatch>>20)
	}
	p := &patchSearch{ctx: ctx, searcher: s, report: &scan.Report{Bytes: maxPatch + 1 - counted.N}}
	if err := p.text(messagePath, []byte(preamble), nil); err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := p.file(f); err != nil {
			return nil, err
		}
	}
	return p.report, nil
}

type patchSearch struct {
	ctx      context.Context
	searcher Searcher
	report   *scan.Report
}

func (p *patchSearch) file(f *gitdiff.File) error {
	path := workspace.Path(f.NewName)
	if f.IsDelete || f.NewName == "" {
		return nil
	}
	p.report.Texts++
	switch b := f.BinaryFragment; {
	case b != nil && b.Method == gitdiff.BinaryPatchLiteral:
		raw, err := io.ReadAll(io.LimitReader(b.Data(), maxObject+1))
		if err == nil && len(raw) > maxObject {
			err = fmt.Errorf("over the limit of %d MiB", maxObject>>20)
		}
		if err != nil {
			p.report.Incomplete = append(p.report.Incomplete, scan.Incomplete{Path: path, Reason: "binary content: " + err.Error()})
			return nil
		}
		return p.text(path, raw, nil)
	case f.IsBinary:
		p.report.Incomplete = append(p.report.Incomplete, scan.Incomplete{Path: path, Reason: "a binary file of which the patch has no content"})
	}
	for _, fragment := range f.TextFragments {
		if err := p.text(path, newSide(fragment), fragment); err != nil {
			return err
		}
	}
	return nil
}

// newSide is the lines of a fragment after the change.
func newSide(fragment *gitdiff.TextFragment) []byte {
	var b strings.Builder
	for _, line := range fragment.Lines {
		if line.New() {
			b.WriteString(line.Line)
		}
	}
	return []byte(b.String())
}

// text searches one text; where it is a fragment's, findings outside the added lines are dropped.
func (p *patchSearch) text(path workspace.Path, raw []byte, fragment *gitdiff.TextFragment) error {
	if len(raw) == 0 {
		return nil
	}
	found, missed, err := p.searcher.Search(p.ctx, path, raw)
	if err != nil {
		return err
	}
	p.report.Incomplete = append(p.report.Incomplete, missed...)
	added := addedLines(fragment)
	for _, f := range found {
		if fragment != nil {
			if !touches(added, f.Line, f.EndLine) {
				continue
			}
			shift := int(fragment.NewPosition) - 1
			f.Line, f.EndLine = f.Line+shift, f.EndLine+shift
		}
		p.report.Findings = append(p.report.Findings, f)
	}
	return nil
}

// addedLines says of each line of the new side, the first one at 1, whether the patch adds it.
func addedLines(fragment *gitdiff.TextFragment) []bool {
	added := []bool{false}
	if fragment == nil {
		return added
	}
	for _, line := range fragment.Lines {
		if line.New() {
			added = append(added, line.Op == gitdiff.OpAdd)
		}
	}
	return added
}

func touches(added []bool, from, to int) bool {
	for n := max(from, 0); n <= to && n < len(added); n++ {
		if added[n] {
			return true
		}
	}
	return false
}
