// Package late keeps from a running command what becomes a secret in the project meanwhile. It decides neither what is a
// secret nor how a path is hidden.
package late
