package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cofferdam/internal/term"
	"cofferdam/rules"
	"cofferdam/rules/secret"
	"cofferdam/scan/detect"
)

func (a *app) newRules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, show one, or try a file of rules on its examples",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var paths bool
	list := &cobra.Command{
		Use:   "list",
		Short: "List the rules about secrets in texts or, with --paths, about names of files",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if paths {
				return a.listPathRules()
			}
			return a.listRules()
		},
	}
	list.Flags().BoolVar(&paths, "paths", false, "the rules about names of files")
	show := &cobra.Command{
		Use:   "show ID",
		Short: "Show one rule about secrets in texts",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.showRule(args[0]) },
	}
	try := &cobra.Command{
		Use:   "test FILE",
		Short: "Try the rules in a file on the positives and negatives beside them",
		Args:  cobra.ExactArgs(1),
		RunE:  a.testRules,
	}
	cmd.AddCommand(list, show, try)
	for _, sub := range cmd.Commands() {
		checkArgs(sub)
	}
	return cmd
}

// ruleJSON is a rule as rules list --json and rules show --json give it.
type ruleJSON struct {
	ID          string   `json:"id"`
	Description string   `json:"description"`
	Severity    string   `json:"severity,omitempty"`
	Why         string   `json:"why,omitempty"`
	Guess       bool     `json:"guess,omitempty"`
	Check       string   `json:"check,omitempty"`
	Path        string   `json:"path,omitempty"`
	Regex       string   `json:"regex"`
	Keywords    []string `json:"keywords,omitempty"`
	Entropy     float64  `json:"entropy,omitempty"`
	Required    []string `json:"required,omitempty"`
}

func newRuleJSON(r *secret.Rule) ruleJSON {
	out := ruleJSON{r.ID, r.Description, detect.Severity(r), r.Why, r.Judge, r.Check, r.Path, r.Regex, r.Keywords, r.Entropy, nil}
	for _, q := range r.Required {
		out.Required = append(out.Required, q.Rule)
	}
	return out
}

func (a *app) listRules() error {
	all := detect.Default().Rules()
	if a.json {
		list := make([]ruleJSON, len(all))
		for i := range all {
			list[i] = newRuleJSON(&all[i])
		}
		return writeJSON(a.out, struct {
			Version int        `json:"version"`
			Rules   []ruleJSON `json:"rules"`
		}{1, list})
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for i := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", all[i].ID, detect.Severity(&all[i]), all[i].Description)
	}
	return w.Flush()
}

// pathRuleJSON is a rule about names as rules list --paths --json gives it.
type pathRuleJSON struct {
	Pattern string       `json:"pattern"`
	Kind    string       `json:"kind"`
	Action  rules.Action `json:"action"`
	Why     string       `json:"why"`
}

func (a *app) listPathRules() error {
	all := rules.Default().Rules()
	if a.json {
		list := make([]pathRuleJSON, len(all))
		for i, r := range all {
			list[i] = pathRuleJSON{r.Pattern, r.Kind, r.Action, r.Why}
		}
		return writeJSON(a.out, struct {
			Version int            `json:"version"`
			Rules   []pathRuleJSON `json:"rules"`
		}{1, list})
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, r := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", term.Name(r.Pattern), r.Action, r.Kind, r.Why)
	}
	return w.Flush()
}

func (a *app) showRule(id string) error {
	all := detect.Default().Rules()
	i := slices.IndexFunc(all, func(r secret.Rule) bool { return r.ID == id })
	if i < 0 {
		return usage("there is no rule %q; cofferdam rules list names them", id)
	}
	r := newRuleJSON(&all[i])
	if a.json {
		return writeJSON(a.out, struct {
			Version int `json:"version"`
			ruleJSON
		}{1, r})
	}
	rows := [][2]string{{"id", r.ID}, {"description", r.Description}, {"severity", r.Severity}, {"why", r.Why}, {"check", r.Check},
		{"path", r.Path}, {"regex", r.Regex}, {"keywords", strings.Join(r.Keywords, ", ")}, {"required", strings.Join(r.Required, ", ")}}
	if r.Entropy > 0 {
		rows = append(rows, [2]string{"entropy", fmt.Sprintf("more than %g bits a byte", r.Entropy)})
	}
	if r.Guess {
		rows = append(rows, [2]string{"judged", "a match is a guess by its name; its context can say that it is none"})
	}
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(a.out, "%-11s  %s\n", row[0], term.Name(row[1]))
		}
	}
	return nil
}

// trialJSON is how an example fared, as rules test --json gives it.
type trialJSON struct {
	Rule     string `json:"rule"`
	Positive bool   `json:"positive"`
	Number   int    `json:"number"`
	Failure  string `json:"failure,omitempty"`
}

func (a *app) testRules(cmd *cobra.Command, args []string) error {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	pack, err := secret.ParsePack(args[0], text)
	if err != nil {
		return &codeError{code: exitUsage, err: err}
	}
	trials, err := detect.Try(cmd.Context(), pack)
	if err != nil {
		return err
	}
	failed := 0
	list := make([]trialJSON, 0, len(trials))
	for _, t := range trials {
		list = append(list, trialJSON(t))
		if t.Failure != "" {
			failed++
		}
	}
	if a.json {
		err = writeJSON(a.out, struct {
			Version int         `json:"version"`
			Failed  int         `json:"failed"`
			Trials  []trialJSON `json:"trials"`
		}{1, failed, list})
	} else {
		err = a.printTrials(pack, list, failed)
	}
	if err == nil && failed > 0 {
		err = &codeError{code: exitError}
	}
	return err
}

func (a *app) printTrials(pack *secret.Pack, list []trialJSON, failed int) error {
	for _, t := range list {
		if t.Failure != "" {
			kind := map[bool]string{true: "positive", false: "negative"}[t.Positive]
			fmt.Fprintf(a.out, "%s: %s %d: %s\n", term.Name(t.Rule), kind, t.Number, t.Failure)
		}
	}
	_, err := fmt.Fprintf(a.out, "%s, %s, %d failed\n", plural(len(pack.Config.Rules), "rule"), plural(len(list), "example"), failed)
	return err
}
