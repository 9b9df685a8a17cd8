// Package overlay knows overlayfs: it mounts layers, builds the mask layer that takes hidden files out of the view, and
// reads an upper layer back as a change.Set. It is the only package where whiteout, opaque, redirect and metacopy
// occur. It never writes to a workspace.
package overlay
