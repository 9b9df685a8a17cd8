package main

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"cofferdam/internal/need"
)

// editor makes edits in the view: of each line of its input, the path, the old and the new text in hexadecimal digits.
const editor = `while (<STDIN>) {
	my ($path, $old, $new) = map { pack "H*", $_ } split;
	open my $in, "<:raw", $path or next;
	local $/; my $text = <$in>; $/ = "\n"; close $in;
	my $at = index $text, $old;
	die "an edit of $path is not possible" if $at < 0 || index($text, $old, $at + 1) >= 0;
	substr($text, $at, length $old) = $new;
	open my $out, ">:raw", $path or die $!;
	print $out $text; close $out or die $!;
}`

// For every file that is shown: what a command changes in one of its lines lands, and the rest of it is as it was, with
// its values; nothing of what the program says or keeps has them.
func TestFormatsEdited(t *testing.T) {
	need.Program(t, "perl")
	p := newFormatsProject(t, 14)
	edits := ""
	for _, f := range p.files {
		if len(f.Edit.Old) > 0 {
			edits += fmt.Sprintf("%x %x %x\n", f.Path, f.Edit.Old, f.Edit.New)
		}
	}
	p.cofferdam(edits, "run", "--", "perl", "-e", editor)
	p.noLeak("diff", p.cofferdam("", "diff"))
	p.noLeak("diff --json", p.cofferdam("", "diff", "--json"))
	p.noLeakBelow(p.at("state"))
	p.noLeak("apply --dry-run", p.cofferdam("", "apply", "--dry-run"))
	p.noLeak("apply", p.cofferdam("", "apply", "--yes"))
	p.noLeak("what the program said", p.listings.Bytes())
	p.noLeakBelow(p.at("state"))
	landed := 0
	for _, f := range p.files {
		got, err := os.ReadFile(p.at("project", f.Path))
		if err != nil {
			t.Fatal(err)
		}
		want, _ := f.Edit.Apply(f.Raw)
		switch {
		case bytes.Equal(got, want):
			landed++
		case !bytes.Equal(got, f.Raw):
			t.Errorf("%s is neither as it was nor edited", f.Path)
		}
	}
	if landed < mustRedact {
		t.Errorf("the edits of %d files landed, want %d", landed, mustRedact)
	}
	t.Logf("the edits of %d files landed", landed)
	p.cofferdam("", "undo", "--yes")
	for _, f := range p.files {
		if got, err := os.ReadFile(p.at("project", f.Path)); err != nil || !bytes.Equal(got, f.Raw) {
			t.Errorf("%s is not as it was after undo: %v", f.Path, err)
		}
	}
	p.noLeakBelow(p.at("cache"))
	p.noLeakBelow(p.at("home"))
}
