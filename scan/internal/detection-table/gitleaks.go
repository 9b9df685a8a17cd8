package main

import (
	"bytes"
	"context"

	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/report"

	"cofferdam/scan/detection"
)

// depth is how many encodings the product undoes where it is not told.
const depth = 5

// gitleaks is its detector with its own rules, on whole files.
func gitleaks(ctx context.Context) (detection.Find, error) {
	logging.Logger = zerolog.New(nil).Level(zerolog.Disabled)
	d, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		return nil, err
	}
	d.MaxDecodeDepth = depth
	return func(path string, raw []byte) ([]detection.Span, error) {
		var spans []detection.Span
		//lint:ignore SA1019 DetectContext takes no other before v9.
		fragment := detect.Fragment{Raw: string(raw), FilePath: path, StartLine: 1}
		for _, f := range d.DetectContext(ctx, fragment) {
			spans = append(spans, place(raw, f))
		}
		return spans, nil
	}, nil
}

// place is where the secret stands: a finding has the lines and columns of its match alone. A secret that was decoded does
// not stand in the text; its match does.
func place(raw []byte, f report.Finding) detection.Span {
	line := lineStart(raw, f.StartLine)
	if i := bytes.Index(raw[line:], []byte(f.Secret)); i >= 0 {
		return detection.Span{Start: line + i, End: line + i + len(f.Secret)}
	}
	start := min(line+f.StartColumn-1, len(raw))
	end := min(lineStart(raw, f.EndLine)+f.EndColumn, len(raw))
	if f.StartLine > 1 { // columns are off by one after the first line
		start--
	}
	return detection.Span{Start: max(start, 0), End: max(end, start, 0)}
}

// lineStart is where line n begins, from 1; the end of the text where there is no such line.
func lineStart(raw []byte, n int) int {
	at := 0
	for range n - 1 {
		i := bytes.IndexByte(raw[at:], '\n')
		if i < 0 {
			return len(raw)
		}
		at += i + 1
	}
	return at
}
