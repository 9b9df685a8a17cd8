// Package allow decides which findings are known and need no attention: those of a baseline, of ignore files and of
// comments beside them. What a project says of itself is read and counted, but obeyed only where the operator trusts it:
// a project may only tighten.
package allow
