package report

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"cofferdam/scan"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot   = "%SRCROOT%" // the name that GitHub and CodeQL give the root of the sources
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool                `json:"tool"`
	Invocations []sarifInvocation        `json:"invocations"`
	Bases       map[string]sarifArtifact `json:"originalUriBaseIds,omitempty"`
	Provenance  []sarifRevision          `json:"versionControlProvenance,omitempty"`
	Results     []json.RawMessage        `json:"results"`
	Properties  *sarifRunProperties      `json:"properties,omitempty"`
}

type sarifRunProperties struct {
	Suppressed []suppressed `json:"suppressed"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Start         string              `json:"startTimeUtc,omitempty"`
	End           string              `json:"endTimeUtc,omitempty"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifRevision struct {
	Repository string `json:"repositoryUri"`
	Revision   string `json:"revisionId"`
	Time       string `json:"asOfTimeUtc,omitempty"`
}

// SARIF writes r in the Static Analysis Results Interchange Format, version 2.1.0. Where something was not scanned the
// invocation is not successful and says so. GitHub reads at most 25,000 results of a run.
func SARIF(w io.Writer, r *scan.Report, o Options) error {
	all := known(r)
	rules := newSARIFRules(all)
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "cofferdam", Version: o.Version, Rules: rules.list}},
		Invocations: []sarifInvocation{{
			Successful: len(r.Incomplete) == 0, Start: rfc3339(o.Start), End: rfc3339(o.End), Notifications: sarifNotifications(r.Incomplete),
		}},
		Provenance: sarifProvenance(r),
		Results:    list(len(all)),
	}
	if root := rootURI(r.Root); root != "" {
		run.Bases = map[string]sarifArtifact{sarifRoot: {URI: root}}
	}
	if len(o.Suppressed) > 0 {
		run.Properties = &sarifRunProperties{newSuppressed(o.Suppressed)}
	}
	return encodeList(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}, "  ", len(all), func(i int) any {
		return newSARIFResult(&all[i], rules.index[all[i].Rule])
	})
}

// rootURI is the URI of the directory that was scanned. It ends in a slash, as a base must.
func rootURI(root string) string {
	if len(root) == 0 || root[0] != '/' {
		return ""
	}
	uri := "file://" + escapeURI(root)
	if root[len(root)-1] != '/' {
		uri += "/"
	}
	return uri
}

func sarifNotifications(list []scan.Incomplete) []sarifNotification {
	out := []sarifNotification{}
	for _, n := range list {
		f := scan.Finding{Path: n.Path}
		out = append(out, sarifNotification{"error", sarifMessage{sarifText("not scanned: " + inline(n.Reason))}, []sarifLocation{newSARIFLocation(&f)}})
	}
	return out
}

// sarifProvenance is the commits that findings come from, each once, in the order of their ids.
func sarifProvenance(r *scan.Report) []sarifRevision {
	repository := rootURI(r.Root)
	if repository == "" {
		return nil
	}
	seen := map[string]bool{}
	var out []sarifRevision
	for i := range r.Findings {
		if c := r.Findings[i].Commit; c != nil && !seen[c.ID] {
			seen[c.ID] = true
			out = append(out, sarifRevision{repository, c.ID, rfc3339(c.Date)})
		}
	}
	slices.SortFunc(out, func(a, b sarifRevision) int { return strings.Compare(a.Revision, b.Revision) })
	return out
}
