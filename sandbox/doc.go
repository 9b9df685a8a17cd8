// Package sandbox runs a command where it sees a view of a project, a minimal system and nothing else of the machine.
// A Spec describes the sandbox and Run makes it: namespaces, a root of its own, no capabilities, Landlock, seccomp. It is
// strict by default, and what it cannot enforce is an error or a value that the caller asked for, never silence.
package sandbox
