package patch

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"cofferdam/change"
)

// What stands for a side is all that is printed of it, in every form.
func TestSidesThatAreNotAsTheyAre(t *testing.T) {
	p := newPair(t, tree{"env": file("A=hidden\nB=1\n"), "plain": file("1\n")}, tree{"env": file("A=token\nB=2\n"), "plain": file("hidden\n"), "link": link("/hidden"), "large": file(strings.Repeat("hidden\n", smallContent/7+1))})
	p.trees.Shown = func(c *change.Change) ([]byte, error) {
		if c.Path == "env" {
			return []byte("A=token\nB=1\n"), nil
		}
		return nil, fs.ErrNotExist
	}
	p.trees.Showable = func(c *change.Change) ([]byte, error) {
		switch c.Path {
		case "plain", "link":
			return []byte("(not shown)"), nil
		case "large":
			return []byte(strings.Repeat("(not shown)\n", smallContent/7+1)), nil
		}
		return nil, fs.ErrNotExist
	}
	text := string(p.write(t, Options{}))
	for _, want := range []string{"-B=1\n+B=2\n", " A=token\n", "-1\n+(not shown)\n", `"link" brings in something secret`} {
		if !strings.Contains(text, want) {
			t.Errorf("the patch has no %q:\n%.2000s", want, text)
		}
	}
	var json, stat bytes.Buffer
	if err := errors.Join(JSON(context.Background(), &json, p.set, p.trees, nil), Stat(context.Background(), &stat, p.set, p.trees, 80)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"patch": text, "JSON": json.String(), "stat": stat.String()} {
		if strings.Contains(text, "hidden") {
			t.Errorf("the %s has what is not to be shown", name)
		}
	}
	if !strings.Contains(stat.String(), "env") || !strings.Contains(stat.String(), "2 +-") {
		t.Errorf("counted against something else:\n%s", stat.String())
	}
}

func TestSidesThatCannotBeRead(t *testing.T) {
	p := newPair(t, tree{"a": file("1\n")}, tree{"a": file("2\n")})
	broken := errors.New("broken")
	for _, trees := range []Trees{
		{Before: p.trees.Before, After: p.trees.After, Shown: func(*change.Change) ([]byte, error) { return nil, broken }},
		{Before: p.trees.Before, After: p.trees.After, Showable: func(*change.Change) ([]byte, error) { return nil, broken }},
	} {
		var b bytes.Buffer
		if err := Write(context.Background(), &b, p.set, trees, Options{}); !errors.Is(err, broken) {
			t.Errorf("Write = %v, want the error", err)
		}
	}
}
