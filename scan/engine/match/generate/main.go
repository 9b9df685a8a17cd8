// Command generate counts what bytes follow one another in the source below some directories, for package match. Each
// directory counts the same, whatever its size.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

const scale = 24 // counts are of 2^24 bytes

func main() {
	if err := generate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts is of trigrams, folded to 15 bits, and then of single bytes.
type counts [1<<15 + 256]float64

func generate(dirs []string) error {
	if len(dirs) == 0 {
		return errors.New("no directory given")
	}
	var all counts
	for _, dir := range dirs {
		c, total, err := count(dir)
		if err != nil {
			return err
		}
		for i, n := range c {
			all[i] += n * (1 << scale) / total / float64(len(dirs))
		}
	}
	codes := make([]byte, len(all))
	for i, n := range all {
		if n >= 1 {
			codes[i] = byte(math.Round(8 * math.Log2(n)))
		}
	}
	return os.WriteFile("frequency.bin", codes, 0o644)
}

func count(dir string) (c counts, total float64, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil || bytes.IndexByte(text, 0) >= 0 {
			return err
		}
		for i, b := range text {
			c[1<<15+int(b)]++
			if i >= 2 {
				c[int(text[i-2]&31)|int(text[i-1]&31)<<5|int(b&31)<<10]++
			}
		}
		total += float64(len(text))
		return nil
	})
	return c, total, err
}
