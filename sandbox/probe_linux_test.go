package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cofferdam/internal/need"
	"cofferdam/overlay"

	"golang.org/x/sys/unix"
)

func TestProbe(t *testing.T) {
	need.Userns(t)
	state := t.TempDir()
	c := Probe(context.Background(), state)
	for _, item := range c.Items {
		t.Logf("%+v", item)
		if !item.OK && item.Why == "" {
			t.Errorf("%s is missing and nothing says why", item.Name)
		}
	}
	for _, name := range []string{HasUserns, HasMappings, HasMounts, HasProc, HasDevpts, HasNetwork} {
		if !c.Has(name) {
			t.Errorf("the machine runs sandboxes and has no %s", name)
		}
	}
	if left, _ := os.ReadDir(state); len(left) > 0 {
		t.Errorf("the probe left %v", left)
	}
}

func TestProbeView(t *testing.T) {
	p := newProject(t, t.TempDir())
	if err := ProbeView(context.Background(), []string{p.mask, p.dir}, p.upper, p.work); err != nil {
		t.Errorf("ProbeView of a good view: %v", err)
	}
	var layers *overlay.MountError
	if err := ProbeView(context.Background(), []string{p.mask, p.dir + "/missing"}, p.upper, p.work); !errors.As(err, &layers) || layers.Reason != overlay.BadLayers {
		t.Errorf("ProbeView of a missing layer: %v, want %q", err, overlay.BadLayers)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := ProbeView(ctx, []string{p.mask, p.dir}, p.upper, p.work); err == nil {
		t.Log("cancelled too late") // a race that both may win
	}
}

func TestProbeViewMountInside(t *testing.T) {
	need.Root(t)
	p := newProject(t, t.TempDir())
	inner := filepath.Join(p.dir, "inner")
	must(t, os.Mkdir(inner, 0o755))
	must(t, unix.Mount("none", inner, "tmpfs", 0, ""))
	t.Cleanup(func() { _ = unix.Unmount(inner, unix.MNT_DETACH) })
	var layers *overlay.MountError
	err := ProbeView(context.Background(), []string{p.mask, p.dir}, p.upper, p.work)
	if !errors.As(err, &layers) || layers.Reason != overlay.MountInside || !strings.HasSuffix(layers.Path, "inner") {
		t.Errorf("ProbeView with a mount inside: %v, want %q", err, overlay.MountInside)
	}
}

func TestAdvice(t *testing.T) {
	for _, err := range []error{unix.ENOSPC, unix.EPERM, unix.EINVAL} {
		if adviseUserns(err) == "" || adviseMount(err) == "" {
			t.Errorf("no advice for %v", err)
		}
	}
	if adviseUserns(nil) != "" || adviseMount(nil) != "" {
		t.Error("advice where nothing is wrong")
	}
}

// BenchmarkRun is a whole sandbox around true.
func BenchmarkRun(b *testing.B) {
	p := newProject(b, b.TempDir())
	spec, err := NewSpec(p.options("true"))
	must(b, err)
	for b.Loop() {
		if exit, err := Run(context.Background(), spec, Stdio{}); err != nil || exit.Code != 0 {
			b.Fatalf("Run = %+v, %v", exit, err)
		}
	}
}

func BenchmarkSpec(b *testing.B) {
	p := newProject(b, b.TempDir())
	for b.Loop() {
		if _, err := NewSpec(p.options("true")); err != nil {
			b.Fatal(err)
		}
	}
}
