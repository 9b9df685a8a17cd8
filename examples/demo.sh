#!/bin/sh
# Builds cofferdam and does the main job on a copy of examples/shop: run, diff, apply, undo, discard.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state"

say() { printf '\n$ %s\n' "$*"; "$@"; }

cd "$here"
CGO_ENABLED=0 go build -o bin/cofferdam ./cmd/cofferdam
PATH="$here/bin:$PATH"
cp -R examples/shop "$work/shop"
cd "$work/shop"

say cofferdam run --apply never -- sh -c \
	'echo "// touched" >> cmd/main.go; rm old.go; mkdir new && echo hi > new/a.txt; ls -A; cat .env' || echo "(exit $?: the command could not read .env)"
say cofferdam diff
say cofferdam apply --yes
say tail -n 2 cmd/main.go
say cofferdam undo --yes
say tail -n 2 cmd/main.go
say ls old.go .env deploy/id_rsa
say cofferdam discard --yes
