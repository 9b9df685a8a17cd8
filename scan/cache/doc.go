// Package cache remembers what a scan found in each file of a project, or in each object of its history, so that what has
// not changed is not scanned again. It is never trusted: a cache that is damaged, foreign or of other rules is an empty one, and no error.
//
// A result is found by the identity of a file (its path, device, inode, size and times), or, after reading it, by a
// hash of its content: times and inodes are new after a checkout or from a backup, and devices are where a file system is
// mounted anew. Hashing costs a fiftieth of searching. An object is found by its id and path. The identity is sound where the kernel keeps the times: it does not see a change through a shared
// memory mapping before the kernel writes the page back, nor one on a network file system whose clock is behind.
//
// The file of a project holds no text of it and no path: places, identifiers of rules, and hashes. The exceptions are a
// path inside an archive where something was found, and the name of the key that made a file a credential file. The
// content hashes have a random key, so that nobody can make two contents of one hash; the key lies beside them. Who can
// read the file, which its owner alone may, can thus check a guess of a whole file's content, also of one deleted since
// the last Write. Nothing that runs on a view of the project may see the directory.
package cache
