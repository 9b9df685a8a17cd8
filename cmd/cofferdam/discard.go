package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cofferdam"
	"cofferdam/session"
)

type discardFlags struct {
	session  string
	yes, all bool
}

func (a *app) newDiscard() *cobra.Command {
	var f discardFlags
	cmd := &cobra.Command{
		Use:   "discard [SESSION]",
		Short: "Remove a session with its changes",
		Args:  cobra.MaximumNArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.discard(cmd, args, f) },
	}
	sessionFlag(cmd, &f.session)
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&f.all, "all", false, "every session of the project that is not in use")
	return cmd
}

func (a *app) discard(cmd *cobra.Command, args []string, f discardFlags) error {
	infos, err := a.toDiscard(args, f)
	if err != nil {
		return err
	}
	if !f.yes {
		if !a.mayAsk() {
			return usage("discard cannot be undone, and there is no terminal to ask on: give --yes")
		}
		yes, err := a.ask(discardQuestion(infos))
		if err != nil || !yes {
			return err
		}
	}
	ids := []string{}
	for _, info := range infos {
		if err := cofferdam.Discard(cmd.Context(), info); err != nil {
			return err
		}
		ids = append(ids, info.ID)
		if !a.json {
			a.tell("discarded %s", info.ID[:8])
		}
	}
	if a.json {
		return writeJSON(a.out, struct {
			Version   int      `json:"version"`
			Discarded []string `json:"discarded"`
		}{1, ids})
	}
	return nil
}

func (a *app) toDiscard(args []string, f discardFlags) ([]session.Info, error) {
	if f.all {
		if f.session != "" || len(args) > 0 {
			return nil, usage("--all and a session exclude each other")
		}
		dir, err := a.projectDir()
		if err != nil {
			return nil, err
		}
		infos, err := cofferdam.Sessions(a.host, dir)
		return session.Idle(infos), err
	}
	if len(args) == 1 {
		f.session = args[0]
	}
	info, _, err := a.findSession(f.session, nil, func(i session.Info) bool { return !i.Busy })
	return []session.Info{info}, err
}

func discardQuestion(infos []session.Info) string {
	if len(infos) != 1 {
		return fmt.Sprintf("discard %d sessions with all their changes?", len(infos))
	}
	info := infos[0]
	switch {
	case info.Journals > 0:
		return fmt.Sprintf("discard session %s? what was applied stays and can no longer be undone", info.ID[:8])
	case info.Changes != nil:
		return fmt.Sprintf("discard session %s with %d changes?", info.ID[:8], *info.Changes)
	}
	return fmt.Sprintf("discard session %s with its changes?", info.ID[:8])
}
