package rules

import (
	"bytes"
	"regexp"
)

// assignPattern is what stands between a key and its value: an operator with the quotes around it, or the ways in which
// lists of pairs are written: <add key="K" value="V">, <key>K</key><string>V, name: K next to value: V.
const assignPattern = plainPattern + pairPattern

const (
	plainPattern = `^(?:[\\"'\x60\])]{0,3}\s{0,3}(?:=>|:=|\?=|\+=|==|=|:|>)[ \t]{0,200}`
	pairPattern  = `|[\\"']{0,2}\s{0,80}(?:</(?:key|name)>\s{0,80}<(?:string|value)>|,?\s{0,80}[\\"'<]{0,2}value[\\"'>]{0,2}\s{0,3}[:=]?[ \t]{0,80}))`
)

// maxOperator bounds what stands between a key and its value.
const maxOperator = 512

// operator is the end of what assignPattern matches in text, or -1. What most keys have needs no expression.
func (c *contentRules) operator(text []byte) int {
	if end := plainOperator(text); end >= 0 {
		return end
	}
	if !mayPair(text) {
		return -1
	}
	if m := c.assign.FindIndex(text); m != nil {
		return m[1]
	}
	return -1
}

// plainOperator is the end of what plainPattern matches, or -1: no byte can be two of its parts.
func plainOperator(text []byte) int {
	i := 0
	for i < 3 && i < len(text) && bytes.IndexByte([]byte("\\\"'`])"), text[i]) >= 0 {
		i++
	}
	for n := 0; n < 3 && i < len(text) && space(text[i]); n++ {
		i++
	}
	n := operatorLength(text[i:])
	if n == 0 {
		return -1
	}
	i += n
	for n := 0; n < 200 && i < len(text) && (text[i] == ' ' || text[i] == '\t'); n++ {
		i++
	}
	return i
}

func operatorLength(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	next := byte(0)
	if len(text) > 1 {
		next = text[1]
	}
	switch text[0] {
	case '=':
		if next == '>' || next == '=' {
			return 2
		}
		return 1
	case ':':
		if next == '=' {
			return 2
		}
		return 1
	case '>':
		return 1
	case '?', '+':
		if next == '=' {
			return 2
		}
	}
	return 0
}

// mayPair reports whether pairPattern can match: behind quotes and blanks, a tag or the word value begins.
func mayPair(text []byte) bool {
	i := 0
	for i < len(text) && (space(text[i]) || bytes.IndexByte([]byte("\\\"',<"), text[i]) >= 0) {
		i++
	}
	return i < len(text) && (text[i] == 'v' || text[i] == '/')
}

func space(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' && c != '\v' }

// programPattern is how lines of a program begin. There a bare word is a variable, and only quoted text is a value.
const programPattern = `^(?:package \w+;?$|import [\w{*("'<]|from [\w.]+ import |#include |<\?php|(?:pub )?fn \w|func [\w(]|` +
	`def \w|class \w|(?:export |async )*function |(?:export )?const \w|use [\w\\:]+;|using [\w.]+;|namespace |public |module |require[ ('"])`

// isProgram reports whether a line of content begins as lines of programs do.
func (c *contentRules) isProgram(content []byte) bool {
	for len(content) > 1 {
		end := bytes.IndexByte(content, '\n')
		if start := programStart(content); start != "" && bytes.HasPrefix(content, []byte(start)) {
			line := content
			if end >= 0 {
				line = line[:end]
			}
			if c.program.Match(line) {
				return true
			}
		}
		if end < 0 {
			return false
		}
		content = content[end+1:]
	}
	return false
}

// programStart is what a line of two bytes or more begins with where programPattern matches it; empty where it cannot.
func programStart(line []byte) string {
	switch string(line[:2]) {
	case "pa":
		return "package "
	case "im":
		return "import "
	case "fr":
		return "from "
	case "#i":
		return "#include "
	case "<?":
		return "<?php"
	case "pu":
		return "pub"
	case "fn":
		return "fn "
	case "fu":
		return "func"
	case "de":
		return "def "
	case "cl":
		return "class "
	case "ex":
		return "export "
	case "as":
		return "async "
	case "co":
		return "const "
	case "us":
		return "us"
	case "na":
		return "namespace "
	case "mo":
		return "module "
	case "re":
		return "require"
	}
	return ""
}

func newOperators() (assign, program *regexp.Regexp) {
	return regexp.MustCompile(assignPattern), regexp.MustCompile(programPattern)
}
