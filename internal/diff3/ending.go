package diff3

import "bytes"

// ending is how the lines of a text end.
type ending uint8

const (
	noEnding ending = iota // no line ends
	lf
	crlf
	mixed
)

var carriageReturn = []byte("\r\n")

func endingOf(text []byte) ending {
	switch all, carried := bytes.Count(text, lineFeed), bytes.Count(text, carriageReturn); {
	case all == 0:
		return noEnding
	case carried == 0:
		return lf
	case carried == all:
		return crlf
	}
	return mixed
}

// mergeEndings gives the three texts the line ending of the side that changed it, where all of them end all lines
// alike. Their numbers of lines stay the same.
func mergeEndings(base, ours, theirs []byte) (b, o, t []byte) {
	was, inOurs, inTheirs := endingOf(base), endingOf(ours), endingOf(theirs)
	if was == noEnding || was == mixed || inOurs == mixed || inTheirs == mixed {
		return base, ours, theirs
	}
	want := was
	for _, e := range []ending{inOurs, inTheirs} {
		if e != noEnding && e != was {
			want = e // There are but two, so both sides went for the same one.
		}
	}
	return want.in(base, was), want.in(ours, inOurs), want.in(theirs, inTheirs)
}

// in is text, whose lines end in was, with e instead.
func (e ending) in(text []byte, was ending) []byte {
	switch {
	case was == noEnding || was == e:
		return text
	case e == crlf:
		return bytes.ReplaceAll(text, lineFeed, carriageReturn)
	}
	return bytes.ReplaceAll(text, carriageReturn, lineFeed)
}
