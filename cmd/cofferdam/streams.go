package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	xterm "golang.org/x/term"

	"cofferdam/internal/term"
)

// streams is where a verb reads and writes: out is the answer, err the conversation.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// colour reports whether w may be coloured: a terminal, and nobody said NO_COLOR.
func colour(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := xterm.GetSize(int(f.Fd())); err == nil && columns > 20 {
			return columns
		}
	}
	return 80
}

// tell says a line to the user on stderr. Arguments are escaped: they may be names from anywhere.
func (s streams) tell(format string, args ...any) {
	fmt.Fprintln(s.err, "cofferdam: "+term.Name(fmt.Sprintf(format, args...)))
}

// ask puts a yes-or-no question. Only a terminal can answer it, and only "y" or "yes" is yes.
func (s streams) ask(question string) (bool, error) {
	fmt.Fprintf(s.err, "cofferdam: %s [y/N] ", term.Name(question))
	var answer string
	if _, err := fmt.Fscanln(s.in, &answer); err != nil && err != io.EOF && err.Error() != "unexpected newline" {
		return false, err
	}
	return answer == "y" || answer == "Y" || answer == "yes", nil
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
