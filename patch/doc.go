// Package patch writes a change.Set as text: a patch in git's format, a diffstat, names with status, JSON. It reads
// two trees and writes to neither; no other package knows the format.
//
// # What a patch holds
//
// Write's exact output is what `git diff --binary --full-index --no-renames` prints, without the function names after
// "@@" and with quotes around a name that has " /" in it: `git apply --binary` makes the new tree of the old one, and
// `git apply -R --binary` the reverse. Renames are never looked for: a moved file is a deletion and an addition. A file
// that becomes a symlink, or the reverse, is a deletion followed by an addition of one path. A file is binary where git
// thinks so: a NUL in the first 8000 bytes. Contents written to a terminal are escaped; see Options.
//
// Git knows two modes of a file, 100644 and 100755, and no directories. What it cannot hold stands in comment lines
// between patches, which git, patch(1) and other readers skip:
//
//	# cofferdam: "path" mode 0600
//	# cofferdam: "path" mode 0644 -> 0640
//	# cofferdam: "path/" directory added, mode 0755
//	# cofferdam: "path/" directory deleted
//	# cofferdam: "path/" directory mode 0755 -> 0700
//	# cofferdam: "path" is a fifo, which a patch cannot hold
//	# cofferdam: "path" has 600000000 bytes, more than a patch can hold
//	# cofferdam: "path" refused: setuid
//	# cofferdam: "path" collides with a hidden file of the workspace
//	# cofferdam: "path" changed in the workspace since the session was staged; its patch is against the current content
//
// The path is always quoted, with git's escapes. A mode is told where the patch alone would not lead to it: a new
// file that has neither 0644 nor 0755, a changed mode unless it goes from one of these to the other. A directory is
// told where it is empty, or new with a mode other than 0755, or its mode changed. A set of nothing but such changes
// makes a patch that git answers with "No valid patches in input". Git apply also removes a directory that it empties.
//
// # Bounds
//
// A text of more than 64 MiB or of more than 4 Mi lines is written as binary. Contents over 1 MiB are handled one at
// a time, those over 64 MiB are streamed, read twice and never held; a file over 512 MiB gets a comment line, since
// git apply takes no patch of a gigabyte.
package patch
