package git

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// User is the name and address that the user gave git, in the environment or in a configuration of their own; empty where
// there is none. No repository has a say in it.
func User(ctx context.Context) (name, email string) {
	return setting(ctx, "GIT_AUTHOR_NAME", "user.name"), setting(ctx, "GIT_AUTHOR_EMAIL", "user.email")
}

func setting(ctx context.Context, variable, key string) string {
	if value := os.Getenv(variable); value != "" {
		return value
	}
	cmd := exec.CommandContext(ctx, "git", "config", "--global", "--get", key)
	cmd.Dir = "/"
	text, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
