package fields

// Format is how a file is written and what in it is secret. The zero Format reads nothing.
type Format struct {
	Name  string
	lex   func(*document) error
	marks []func(*document) // what a policy cannot see in one value
	judge policy
	same  func(p *proof, before, after *document) error // by another parser than the lexer; nil where there is none
}
