// Package match finds the matches of many regular expressions in a text, near the speed of memory.
//
// Its law: for every expression and every text, the spans are those that package regexp finds, in that order. An
// expression may be left out where none of its keywords is in the text; see Expr.
//
// A text passes sieves, each finer and dearer than the one before. The filter (filter.go) looks at every second byte,
// for three bytes that begin or end one of the windows: four bytes, by class, of which every match of an expression has
// one, chosen ahead of time for how rarely they stand in source code (anchor.go, cost.go). What is left is compared with
// the windows, 64 groups of them at once (bucket.go).
//
// Source code has the same words over and over, and many expressions have the same words. So a search remembers what four
// bytes are to it: nothing (dull.go), or a bundle of all windows that stand on them (word.go, bundle.go). Where one stands,
// what must follow not far behind is looked for (gap.go), then all that follows in any of its expressions, by one
// automaton that begins behind the four bytes (entrance.go, automaton.go, tail.go). Its states are made as they are needed,
// and are numbers, so that they are small and no work for the garbage collector (store.go, column.go).
//
// The starts that remain go to a second automaton, which knows which match package regexp prefers, or, where that cannot
// be told byte by byte, to package regexp itself (exact.go).
package match
