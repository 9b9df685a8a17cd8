// Package scan looks at every path of a project and says what it found there, and what it could not read. It never
// writes, and no value that it finds leaves it.
package scan
