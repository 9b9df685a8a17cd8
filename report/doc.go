// Package report writes a scan's report for people and for programs. It decides nothing, and holds no value to show.
package report
