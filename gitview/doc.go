// Package gitview makes the git of a view, and brings back what was committed in it. Build writes a synthetic repository:
// what HEAD and the index of the project's own say of the files that the view shows, redacted where those are, with no
// history, remote, hook or configuration of the project. Land replays the commits of a bundle that was made in the view
// onto the project's, below refs/cofferdam.
//
// No git of this package runs on a directory that a command in a view wrote, and none runs by the configuration of the
// project: objects are read through a git directory of our own, everything else is parsed here, from files that are
// opened through no symlink. What is in the view's store was hashed here, whatever the project's calls it.
package gitview
