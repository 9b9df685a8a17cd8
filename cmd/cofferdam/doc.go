// Command cofferdam runs a command on a project behind a mask of its secrets and lands what was accepted. One file a
// verb: each parses flags, calls one verb of package cofferdam and prints one value. Exit codes and hints live here
// and nowhere else.
package main
