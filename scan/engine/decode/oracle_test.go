package decode

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/zricethezav/gitleaks/v8/detect/codec"
)

// passes is how many passes the comparisons make.
const passes = 5

// agree compares every function with the oracle's on what becomes of text, pass by pass. It returns the number of segments.
func agree(t *testing.T, text string) (decoded int) {
	t.Helper()
	decoder := codec.NewDecoder()
	wantText := text
	var segs []Segment
	var want []*codec.EncodedSegment
	for pass := range passes {
		before := wantText
		wantText, want = decoder.Decode(wantText, want)
		text, segs = Pass(before, segs)
		if text != wantText {
			t.Fatalf("pass %d over %q:\n got %q\nwant %q", pass, before, text, wantText)
		}
		if len(segs) != len(want) {
			t.Fatalf("pass %d over %q: %d segments, want %d", pass, before, len(segs), len(want))
		}
		if May(before) != (len(want) > 0) {
			t.Fatalf("May(%q) = %v with %d segments", before, May(before), len(want))
		}
		decoded += len(segs)
		if len(segs) == 0 {
			return decoded
		}
		for i := range segs {
			agreeOnSegment(t, segs[i], want[i])
		}
		agreeOnPlaces(t, text, segs, want)
	}
	return decoded
}

func agreeOnSegment(t *testing.T, s Segment, want *codec.EncodedSegment) {
	t.Helper()
	got := fmt.Sprint(s.encoded, original(s.prev, s.encoded), s.decoded, s.kinds, s.depth)
	v := reflect.ValueOf(want).Elem()
	exp := fmt.Sprint(spanOf(v, "encoded"), spanOf(v, "original"), spanOf(v, "decoded"), v.FieldByName("encodings").Int(), v.FieldByName("depth").Int())
	if got != exp {
		t.Fatalf("segment %s, want %s", got, exp)
	}
}

func spanOf(v reflect.Value, field string) span {
	f := v.FieldByName(field)
	return span{int(f.Field(0).Int()), int(f.Field(1).Int())}
}

// agreeOnPlaces tries all places of a short text, and some of a long one.
func agreeOnPlaces(t *testing.T, text string, segs []Segment, want []*codec.EncodedSegment) {
	t.Helper()
	step := 1 + len(text)/12
	for start := 0; start <= len(text); start += step {
		for end := start; end <= len(text); end += step {
			agreeOnPlace(t, text, segs, want, start, end)
		}
	}
	for _, s := range segs {
		for _, at := range []int{s.decoded.start - 1, s.decoded.start, s.decoded.end, s.decoded.end + 1} {
			if 0 <= at && at+3 <= len(text) {
				agreeOnPlace(t, text, segs, want, at, at+3)
			}
		}
	}
}

func agreeOnPlace(t *testing.T, text string, segs []Segment, want []*codec.EncodedSegment, start, end int) {
	t.Helper()
	touched, wantTouched := Overlapping(segs, start, end), codec.SegmentsWithDecodedOverlap(want, start, end)
	if len(touched) != len(wantTouched) {
		t.Fatalf("Overlapping(%d, %d) in %q: %d segments, want %d", start, end, text, len(touched), len(wantTouched))
	}
	for i := range touched {
		agreeOnSegment(t, touched[i], wantTouched[i])
	}
	if got, want := Tags(touched), codec.Tags(wantTouched); !slices.Equal(got, want) {
		t.Fatalf("Tags = %v, want %v", got, want)
	}
	if got, want := Line(touched, text), codec.CurrentLine(wantTouched, text); got != want {
		t.Fatalf("Line at %d to %d of %q = %q, want %q", start, end, text, got, want)
	}
	from, to := Original(touched, start, end)
	if want := codec.AdjustMatchIndex(wantTouched, []int{start, end}); from != want[0] || to != want[1] {
		t.Fatalf("Original(%d, %d) in %q = %d, %d, want %v", start, end, text, from, to, want)
	}
}
