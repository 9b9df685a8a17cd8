// Package session keeps the directories, the record and the lock of one run. It knows where things are, not what
// they mean: which changes a session holds is for others to say.
package session
