package formats_test

import (
	"os/exec"
	"strings"
	"testing"

	"cofferdam/internal/formats"
	"cofferdam/internal/need"
)

// openssl reads the keys of elliptic curves and the certificates, so that they are what programs would find there.
func TestOpenSSLReadsTheKeys(t *testing.T) {
	openssl := need.Program(t, "openssl")
	keys, certificates := 0, 0
	read := func(t *testing.T, text string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), openssl, args...)
		cmd.Stdin = strings.NewReader(text)
		if err := cmd.Run(); err != nil {
			t.Errorf("openssl %s: %v", args[0], err)
		}
	}
	for _, f := range formats.Files(1) {
		t.Run(f.Path, func(t *testing.T) {
			for _, v := range f.Values {
				if strings.HasPrefix(v.Core, "-----BEGIN PRIVATE") || strings.HasPrefix(v.Core, "-----BEGIN EC ") {
					keys++
					read(t, v.Core, "pkey", "-noout")
				}
			}
			for _, text := range f.Certificates {
				certificates++
				read(t, text, "x509", "-noout")
			}
		})
	}
	if keys < 8 || certificates < 1 {
		t.Errorf("%d keys and %d certificates, want 8 and 1", keys, certificates)
	}
}
