// Command detection-table measures the scanner on the labelled set and writes the page about it to the file that it is
// given.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"cofferdam/scan/detection"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "detection-table:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: detection-table FILE")
	}
	set, err := detection.Load()
	if err != nil {
		return err
	}
	ours, err := set.Measure(detection.Product(ctx))
	if err != nil {
		return err
	}
	find, err := gitleaks(ctx)
	if err != nil {
		return err
	}
	theirs, err := set.Measure(find)
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], []byte(detection.Table(ours, theirs)), 0o644)
}
