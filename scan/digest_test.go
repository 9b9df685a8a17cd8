package scan

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zricethezav/gitleaks/v8/config"

	"cofferdam/scan/internal/leaks"
	"cofferdam/workspace"
)

func TestDigestIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("digest.go")
	if err != nil {
		t.Fatal(err)
	}
	want, err := leaks.Source(config.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("digest.go is not what the rules of gitleaks make it: run go generate ./scan")
	}
	if leaks.Sum(config.DefaultConfig) != defaultDigest.Sum {
		t.Error("the digest is not of the rules that this is built with, so they are derived at every start")
	}
	if defaultDigest.Generic < 0 {
		t.Errorf("%s is not as package leaks knows it, and costs more", leaks.GenericRule)
	}
}

// Law: reading all rules at once finds what the digest finds.
func TestDerivedEngineAgreesWithDigest(t *testing.T) {
	derived, err := newLeaksEngine(config.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	text := "api_key = \"" + "aB3dE5fG7hJ9kL1mN3pQ" + "\"\ntoken: gh" + "p_" + "aB3dE5fG7haB3dE5fG7haB3dE5fG7hKl9mN1" + "\n"
	for _, path := range []workspace.Path{"a.txt", "a.bb", "x/nuget.config"} {
		want, err := engineForTest().find(t.Context(), path, text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := derived.find(t.Context(), path, text)
		if err != nil {
			t.Fatal(err)
		}
		sortMatches(got)
		sortMatches(want)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(match{})); diff != "" || len(got) < 2 {
			t.Errorf("%s: %d findings (-digest +derived):\n%s", path, len(got), diff)
		}
	}
}
