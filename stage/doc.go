// Package stage decides what of a workspace a command may see, and builds the view that shows exactly that: an overlay
// whose mask covers what is hidden, a filtered copy, or a read-only overlay. NewPlan is pure; Build ends with a scan of
// what it built. What one name hides, every other name of it hides as well: hard links, symlinks, directories around it.
package stage
