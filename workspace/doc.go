// Package workspace names, opens and fingerprints the files of one directory tree: a user's project, an upper layer,
// a copy. It is the only source of names for such files, and every open resolves beneath the root, through no
// symlink and across no mount, because whoever wrote the tree is not trusted. It never writes.
package workspace
