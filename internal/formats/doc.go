// Package formats makes a tree of realistic files in which programs keep credentials, and reads such files with the
// parsers of their own ecosystems. Only tests import it.
//
// Its files are templates: every secret is made up when a test runs, so that none stands in the repository.
package formats
