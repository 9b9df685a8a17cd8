// Package fields says where in a file of a known format the values stand, to the byte, and which of them are secrets.
// It guesses nothing: where a file is not surely what its name promises, Read says so and gives no fields.
package fields
