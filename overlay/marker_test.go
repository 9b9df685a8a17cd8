package overlay

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/workspace"

	"github.com/google/go-cmp/cmp"
)

func TestUnknownMarkersAreErrors(t *testing.T) {
	for _, test := range []struct {
		path, name, value string
		format            Format
	}{
		{"dir/file", "user.overlay.redirect", "/elsewhere", Kernel},
		{"dir", "user.overlay.redirect", "other", Kernel},
		{"dir/file", "user.overlay.metacopy", "", Kernel},
		{"dir/file", "user.overlay.whiteout", "", Kernel},
		{"dir", "user.overlay.whiteout", "", Kernel},
		{"dir/file", "user.overlay.opaque", "y", Kernel},
		{"dir", "user.overlay.opaque", "z", Kernel},
		{"dir", "user.overlay.opaque", strings.Repeat("y", 200), Kernel},
		{"dir", "user.overlay.verity", "1", Kernel},
		{"dir", "user.overlay.future", "1", Kernel},
		{".", "user.overlay.opaque", "y", Kernel},
		{"dir/file", "user.fuseoverlayfs.override_stat", "0:0:755", Fuse},
		{"dir/file", "user.containers.override_stat", "0:0:755", Fuse},
	} {
		t.Run(test.path+" "+test.name, func(t *testing.T) {
			_, base := smallBase(t)
			upper := scratch(t)
			write(t, upper+"/dir/file", "content")
			mark(t, filepath.Join(upper, test.path), test.name, test.value)
			wantMarker(t, upper, base, test.format, test.path, test.name)
		})
	}
	for _, name := range []string{".wh.", ".wh..", ".wh...", ".wh..wh.plnk", ".wh.file"} {
		t.Run("fuse "+name, func(t *testing.T) {
			_, base := smallBase(t)
			upper := scratch(t)
			write(t, upper+"/dir/file", "content")
			write(t, upper+"/dir/"+name, "")
			path := "dir/" + name
			if name == ".wh.file" {
				path = "dir/file" // Both there and gone.
			}
			wantMarker(t, upper, base, Fuse, path, name)
		})
	}
}

func wantMarker(t *testing.T, upper string, base *workspace.Manifest, format Format, path, marker string) {
	t.Helper()
	set, err := ReadFormat(context.Background(), openRoot(t, upper), base, format)
	var e *MarkerError
	if !errors.As(err, &e) {
		t.Fatalf("Read = %v, %v, want a *MarkerError", set, err)
	}
	if string(e.Path) != path || !strings.HasSuffix(marker, e.Marker) {
		t.Errorf("error %v, want path %q, marker %q", err, path, marker)
	}
}

// The foreign marks that only root can see and set count like those of the user.
func TestTrustedMarkers(t *testing.T) {
	need.Root(t)
	_, base := smallBase(t)
	upper := scratch(t)
	mkdir(t, upper+"/dir")
	mark(t, upper+"/dir", "trusted.overlay.opaque", "y")
	if diff := cmp.Diff(allOfDir[1:], describe(readSet(t, upper, base))); diff != "" {
		t.Errorf("set (-want +got):\n%s", diff)
	}
	mark(t, upper+"/dir", "trusted.overlay.redirect", "x")
	wantMarker(t, upper, base, Kernel, "dir", "trusted.overlay.redirect")
}
