// Package placeholder puts tokens in the place of secret values, and brings the values back. It is pure: it reads no
// files, keeps nothing, and takes every text, record and edit for hostile.
//
// A token is COFFERDAM_<RULE>_<16 characters of base32>. The 16 are of an HMAC of the value under the key of a session,
// so one value has one token there, and nobody without the key can confirm a guess.
//
// Values are never stored. To bring them back, the project's own file is read again: Locate says which of its bytes
// stand where each token's value stood, and gives it the tokens of the view. Base, the command's file and the project's
// file are then merged with the tokens in them, and only the result gets values. The other way round, to restore base
// and the command's file and to merge then, has three faults. A value that was rotated meanwhile would be an edit of its
// line, and conflict with any edit of that line, where here it is no edit at all. Base would need the old value, which
// nobody has any more. And a merge could take one half of a value from one side. With tokens a rotated value never
// conflicts, edits on the same and on neighbouring lines merge as they do in any text, and the project's value wins.
//
// The rule for what comes back: a value goes only into the file that holds it, and only where a whole, unchanged token
// stands. Everything else is an Event, and the hunk around it is held back: the project's lines stay there.
package placeholder
