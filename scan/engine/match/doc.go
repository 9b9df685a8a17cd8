// Package match finds the matches of many regular expressions in a text, near the speed of memory.
//
// Its law: for every expression and every text, the spans are those that package regexp finds, in that order. An
// expression may be left out where none of its keywords is in the text; see Expr.
//
// A text passes sieves, each finer and dearer than the one before. The filter (filter.go) looks at every second byte,
// for three bytes that begin or end one of the windows: four bytes, by class, of which every match of an expression has
// one, chosen ahead of time for how rarely they stand in source code (anchor.go, cost.go). What is left is compared with
// the windows themselves (bucket.go), then with what must follow not far behind (gap.go), then with all that follows in
// the expression, by an automaton whose states are made as they are needed (automaton.go, tail.go). The starts that
// remain go to a second one of the same kind that knows which match package regexp prefers or, where that cannot be told
// byte by byte, to package regexp itself (exact.go).
package match
