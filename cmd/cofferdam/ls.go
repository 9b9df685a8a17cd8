package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/internal/term"
	"cofferdam/session"
)

type sessionJSON struct {
	ID       string     `json:"id"`
	Project  string     `json:"project,omitempty"`
	Raw      []byte     `json:"project_bytes,omitempty"`
	State    string     `json:"state"`
	Created  *time.Time `json:"created,omitempty"`
	Program  string     `json:"program,omitempty"`
	Stage    string     `json:"stage,omitempty"`
	Changes  *int       `json:"changes,omitempty"`
	Bytes    *int64     `json:"bytes,omitempty"`
	ExitCode *int       `json:"exit_code,omitempty"`
	Problem  string     `json:"problem,omitempty"`
}

func (a *app) newList() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the sessions of the project",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.list(all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "of all projects")
	return cmd
}

func (a *app) list(all bool) error {
	dir := ""
	if !all {
		var err error
		if dir, err = a.projectDir(); err != nil {
			return err
		}
	}
	infos, err := cofferdam.Sessions(a.host, dir)
	if err != nil {
		return err
	}
	rows := make([]sessionJSON, 0, len(infos))
	for _, info := range infos {
		rows = append(rows, sessionRow(info))
	}
	if a.json {
		return writeJSON(a.out, struct {
			Version  int           `json:"version"`
			Sessions []sessionJSON `json:"sessions"`
		}{1, rows})
	}
	if len(rows) == 0 {
		a.tell("no sessions; cofferdam run -- COMMAND makes one")
		return nil
	}
	return a.printSessions(rows)
}

func sessionRow(info session.Info) sessionJSON {
	row := sessionJSON{ID: info.ID, State: "damaged"}
	if info.Problem != nil {
		row.Problem = info.Problem.Error()
		return row
	}
	row.Project, row.Created, row.Program, row.Stage = info.Project, &info.Created, info.Program, info.Stage
	row.Raw = info.ProjectBytes
	row.Changes, row.Bytes, row.ExitCode = info.Changes, info.Bytes, info.ExitCode
	row.State = string(info.State)
	if (info.State == session.Running || info.State == session.Staging) && !info.Busy {
		row.State = "interrupted"
	}
	return row
}

func (a *app) printSessions(rows []sessionJSON) error {
	t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tSTATE\tAGE\tCHANGES\tSIZE\tCOMMAND\tPROJECT")
	for _, r := range rows {
		if r.Problem != "" {
			fmt.Fprintf(t, "%s\t%s\t-\t-\t-\t-\t%s\n", r.ID[:8], r.State, term.Name(r.Problem))
			continue
		}
		changes, bytes := "-", "-"
		if r.Changes != nil && r.Bytes != nil {
			changes, bytes = fmt.Sprint(*r.Changes), size(*r.Bytes)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID[:8], r.State, age(time.Since(*r.Created)), changes, bytes, term.Name(r.Program), term.Name(r.Project))
	}
	return t.Flush()
}

// age is a duration in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}
