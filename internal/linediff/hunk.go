package linediff

// Hunk is edits that stand close together, with the common lines around them.
type Hunk struct {
	Old, New Range
	Edits    []Edit
}

// Hunks groups edits, in order, between texts of oldLines and newLines lines: each hunk has up to context common
// lines before its first edit and after its last, and no two hunks touch.
func Hunks(edits []Edit, oldLines, newLines, context int) []Hunk {
	var hunks []Hunk
	for from := 0; from < len(edits); {
		to := from + 1
		for to < len(edits) && edits[to].Old.Start-edits[to-1].Old.End <= 2*context {
			to++
		}
		first, last := edits[from], edits[to-1]
		before := min(context, first.Old.Start)
		after := min(context, oldLines-last.Old.End)
		hunks = append(hunks, Hunk{
			Old:   Range{first.Old.Start - before, last.Old.End + after},
			New:   Range{first.New.Start - before, last.New.End + after},
			Edits: edits[from:to],
		})
		from = to
	}
	return hunks
}
