// Package apply writes accepted changes to a workspace. No other package does.
//
// It holds the user's work, so it never overwrites and never deletes: every change is one atomic rename between the
// workspace and a slot of a private staging area, and what came out stays in the slot as the backup for undo. What
// came out is compared with what was expected, content included; one mismatch, and everything is swapped back. The
// journal is on disk before the first rename, so after a crash Recover tells from the inode in each slot which
// renames had happened.
//
// What lands need not be what the command left. Where a view showed a file with placeholders, the values that the workspace
// has now are put back; where the workspace has edits of its own, they are merged; and what would bring in a secret is held
// back. Such a text is made of three others when it is planned, and again when it is staged, and is kept nowhere else. Once
// it is committed, no value stays in the journal: both sides are kept with placeholders, and undo is the inverse change.
//
// A journal directory belongs to one apply and its undos. The caller makes one for each apply, below a directory that
// only the user can enter, and holds the lock of the session around every call.
package apply
