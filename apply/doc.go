// Package apply writes accepted changes to a workspace. No other package does.
//
// It holds the user's work, so it never overwrites and never deletes: every change is one atomic rename between the
// workspace and a slot of a private staging area, and what came out stays in the slot as the backup for undo. What
// came out is compared with what was expected, content included; one mismatch, and everything is swapped back. The
// journal is on disk before the first rename, so after a crash Recover tells from the inode in each slot which
// renames had happened.
//
// A journal directory belongs to one apply and its undos. The caller makes one for each apply, below a directory that
// only the user can enter, and holds the lock of the session around every call.
package apply
