// Package watch tells which paths of a tree have changed, soon after they have. It reads names and fingerprints, never
// content, and writes nothing.
package watch
