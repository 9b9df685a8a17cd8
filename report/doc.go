// Package report writes a scan's report for people and for programs. It decides nothing, and holds no value to show.
//
// Names in a report come from the project, which is hostile. No format lets one end its field, its line or its message,
// reach a terminal as a control character, or be read by a CI system as a command.
package report
