package detection

// Sums is a result in four numbers. A stray finding counts against precision like a reported label.
type Sums struct {
	Secrets int // labelled
	Found   int // of them
	Others  int // labelled
	Alone   int // of them, rightly not reported
	Stray   int // findings beside all labels
}

// Sums adds up all classes.
func (r Result) Sums() Sums {
	var t Sums
	for _, s := range r.Secrets {
		t.Secrets += s.Labels
		t.Found += s.Right()
		t.Stray += len(s.Stray)
	}
	for _, s := range r.Others {
		t.Others += s.Labels
		t.Alone += s.Right()
		t.Stray += len(s.Stray)
	}
	return t
}

// Recall is the part of the secrets that is found, from 0 to 1.
func (t Sums) Recall() float64 { return part(t.Found, t.Secrets) }

// Precision is the part of what is reported that is a secret, from 0 to 1.
func (t Sums) Precision() float64 {
	return part(t.Found, t.Found+t.Others-t.Alone+t.Stray)
}

func part(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}
