// Command trees counts what a scan reports of ordinary trees, which hold no secret of anybody, and writes the part of
// docs/detection.md about that to the file that it is given. A tree is a name as classes.toml has it, and a directory:
//
//	go mod download k8s.io/kubernetes@v1.34.1 github.com/moby/moby@v28.5.1+incompatible
//	go run ./scan/detection/trees -tree kubernetes="$(go env GOMODCACHE)/k8s.io/kubernetes@v1.34.1" \
//		-tree moby="$(go env GOMODCACHE)/github.com/moby/moby@v28.5.1+incompatible" \
//		-tree go="$(go env GOROOT)/src" scan/detection/trees.md
//
// A finding that is in no class has not been reviewed: the command names it and fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trees:", err)
		os.Exit(1)
	}
}

// source is a tree as the command line has it.
type source struct{ name, dir string }

func run(ctx context.Context, args []string) error {
	var sources []source
	flags := flag.NewFlagSet("trees", flag.ContinueOnError)
	flags.Func("tree", "`NAME=DIRECTORY`; may be given again", func(text string) error {
		name, dir, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want NAME=DIRECTORY")
		}
		sources = append(sources, source{name, dir})
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || len(sources) == 0 {
		return errors.New("usage: trees -tree NAME=DIRECTORY... FILE")
	}
	return count(ctx, sources, flags.Arg(0))
}

func count(ctx context.Context, sources []source, file string) error {
	review, err := loadReview(reviewed)
	if err != nil {
		return err
	}
	var tallies []tally
	var unknown []string
	for _, s := range sources {
		t, err := review.scan(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		tallies = append(tallies, t)
		unknown = append(unknown, t.unknown...)
	}
	if err := os.WriteFile(file, []byte(review.table(tallies)), 0o644); err != nil {
		return err
	}
	if len(unknown) > 0 {
		return fmt.Errorf("%d findings not reviewed:\n\t%s", len(unknown), strings.Join(unknown, "\n\t"))
	}
	return nil
}
