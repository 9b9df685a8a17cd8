package formats

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
)

// content is the encodings that are part of what a parser reads: a password in a URL stays percent-encoded there.
var content = map[string]func(value, argument string) string{
	"url":     func(v, _ string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") },
	"base64":  func(v, _ string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"hex":     func(v, _ string) string { return hex.EncodeToString([]byte(v)) },
	"basic":   func(v, user string) string { return base64.StdEncoding.EncodeToString([]byte(user + ":" + v)) },
	"pair":    func(v, quote string) string { return quote + strings.ReplaceAll(v, quote, quote+quote) + quote },
	"braces":  func(v, _ string) string { return "{" + strings.ReplaceAll(v, "}", "}}") + "}" },
	"dollars": func(v, _ string) string { return strings.ReplaceAll(v, "$", "$$") },
}

// syntax is the encodings that a parser undoes.
var syntax = map[string]func(value, argument string) string{
	"json":     func(v, _ string) string { return inJSON(v, false) },
	"jsonhtml": func(v, _ string) string { return inJSON(v, true) },
	"go":       func(v, _ string) string { q := strconv.Quote(v); return q[1 : len(q)-1] },
	"xml":      func(v, _ string) string { var b bytes.Buffer; _ = xml.EscapeText(&b, []byte(v)); return b.String() },
	"entities": func(v, _ string) string {
		return replace(v, "&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")
	},
	"double":   func(v, mark string) string { return strings.ReplaceAll(v, mark, mark+mark) },
	"escape":   escaped,
	"shell":    func(v, _ string) string { return strings.ReplaceAll(v, "'", `'\''`) },
	"hcl":      func(v, _ string) string { return replace(inJSON(v, false), "${", "$${", "%{", "%%{") },
	"lines":    func(v, _ string) string { return strings.ReplaceAll(v, "\n", `\n`) },
	"indent":   indented,
	"continue": func(v, _ string) string { return strings.ReplaceAll(v, "\n", "\\n\\\n    ") },
	"unicode":  func(v, _ string) string { q := strconv.QuoteToASCII(v); return q[1 : len(q)-1] },
}

// encodeAll applies encodings, separated by |, in turn. Text is what is left to a parser, raw what it reads.
func encodeAll(core, encodings string) (text, raw string, err error) {
	text, raw = core, core
	if encodings == "" {
		return text, raw, nil
	}
	undone := false
	for step := range strings.SplitSeq(encodings, "|") {
		name, argument, _ := strings.Cut(step, ":")
		encode, isContent := content[name]
		if !isContent {
			undone = true
			encode = syntax[name]
		}
		if encode == nil || isContent && undone {
			return "", "", fmt.Errorf("encoding %q is unknown or stands in the wrong place", name)
		}
		if raw = encode(raw, argument); isContent {
			text = raw
		}
	}
	return text, raw, nil
}

func inJSON(v string, html bool) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(html)
	_ = e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")[1 : b.Len()-2]
}

func replace(v string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(v) }

// escaped writes a backslash before itself and each of marks.
func escaped(v, marks string) string {
	var b strings.Builder
	for _, c := range v {
		if c == '\\' || strings.ContainsRune(marks, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// indented puts as many blanks as argument says in front of all lines but the first.
func indented(v, argument string) string {
	n, _ := strconv.Atoi(argument)
	return strings.ReplaceAll(v, "\n", "\n"+strings.Repeat(" ", n))
}

// encode is text in the encoding and with the line ends that t asks for.
func (t template) encode(text string) []byte {
	if t.flags["crlf"] {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	switch {
	case t.flags["latin-1"]:
		b := make([]byte, 0, len(text))
		for _, c := range text {
			b = append(b, byte(c))
		}
		return b
	case t.flags["utf-16le"], t.flags["utf-16be"]:
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			low, high := byte(u), byte(u>>8)
			if t.flags["utf-16be"] {
				low, high = high, low
			}
			b = append(b, low, high)
		}
		return b
	}
	return []byte(text)
}
