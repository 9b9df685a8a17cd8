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
	'cat .env; cat deploy/id_rsa; echo DB_POOL=5 >> .env; sed -i s/cluster.shop/new.shop/ config/kubeconfig; rm old.go; mkdir new && echo hi > new/a.txt'
say cofferdam diff
say cofferdam apply --dry-run
say cofferdam apply --yes
say cat .env config/kubeconfig
say cofferdam undo --yes
say cat .env
say ls old.go .env deploy/id_rsa
say cofferdam discard --yes
