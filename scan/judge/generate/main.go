// Command generate prints the table of letter pairs in rules/secret/judge.toml: how many half bits it takes to name a
// letter after the one before, as a digit of base 36. It counts pairs in the words that the Go distribution's own sources
// are made of, comments and identifiers alike, so that names in code count as words.
package main

import (
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const letters = 26

// A word begins at a capital letter or after what is no letter. Words of all capitals are left out: many of them are
// tables of random letters.
var word = regexp.MustCompile(`[A-Z]?[a-z]{2,20}`)

func main() {
	log.SetFlags(0)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		log.Fatal(err)
	}
	pairs, err := count(filepath.Join(strings.TrimSpace(string(root)), "src"))
	if err != nil {
		log.Fatal(err)
	}
	for a := range letters {
		fmt.Printf("    '%s',\n", row(pairs[a]))
	}
}

func count(root string) (pairs [letters][letters]float64, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "testdata" || entry.Name() == "vendor" || strings.Contains(path, "unicode") {
			if entry != nil && entry.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, w := range word.FindAllString(string(text), -1) {
			w = strings.ToLower(w)
			for i := 1; i < len(w); i++ {
				pairs[w[i-1]-'a'][w[i]-'a']++
			}
		}
		return err
	})
	return pairs, err
}

func row(counts [letters]float64) string {
	total := float64(letters) // every pair counts once more, so that none is impossible
	for _, n := range counts {
		total += n
	}
	var b strings.Builder
	for _, n := range counts {
		halves := math.Round(2 * math.Log2(total/(n+1)))
		b.WriteString(strconv.FormatInt(int64(min(halves, 35)), 36))
	}
	return b.String()
}
