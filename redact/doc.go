// Package redact says what in a file is secret, to the byte, and shows the file with placeholders in its place. It reads
// no files and writes none: who has the content asks, and an error or an answer never holds a value.
package redact
