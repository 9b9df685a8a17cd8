// Package shop is a small project to try Cofferdam on. Its credentials are made up.
package shop

// Greeting welcomes a customer.
func Greeting(name string) string { return "hello, " + name }
