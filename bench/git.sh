#!/usr/bin/env bash
# Measures the git of a view against known things and prints a table: bench/git.sh [TREE]. TREE is a git checkout to work
# on a copy of; without it, the source of kubernetes from the module cache. Needs git, go, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache"
cd "$here"
CGO_ENABLED=0 go build -o "$work/cofferdam" ./cmd/cofferdam
PATH="$work:$PATH"
readonly rounds=${ROUNDS:-5}

import() { git init -q . && git config gc.auto 0 && git add -A && git -c user.name=b -c user.email=b@example.invalid commit -qm import && git gc -q; }
middle() { sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"; }
took() { s=$EPOCHREALTIME; "$@" >/dev/null 2>&1; e=$EPOCHREALTIME; awk -v s="$s" -v e="$e" 'BEGIN { printf "%.4f\n", e - s }'; }
# of FILE COMMAND…: the median of some runs of COMMAND, in seconds
of() {
	local file=$work/$1.times
	shift
	: >"$file"
	for _ in $(seq "$rounds"); do "$@" >>"$file"; done
	middle "$file"
}
built() { # how long a run takes to make the git of its view
	cofferdam run --apply never --timings -- true 2>&1 | awk '/^cofferdam: git / { print $3 / 1000 }'
}
anew() { rm -rf "$XDG_CACHE_HOME/cofferdam/git"; built; }
added() { rm -rf "$work/added"; git init -q --bare "$work/added"; took git --git-dir="$work/added" --work-tree=. add -A; }
cloned() { rm -rf "$work/cloned"; took git clone -q --bare --depth=1 "file://$PWD" "$work/cloned"; }
line() { awk -v a="$1" -v x="$2" 'BEGIN { printf "%-52s %9.1f ms\n", a, x * 1000 }'; }
table() {
	built >/dev/null # the scan is remembered from then on
	line "$1: git of the view, the first time" "$(of anew anew)"
	built >/dev/null
	sleep 3
	built >/dev/null
	line "$1: again, nothing changed" "$(of again built)"
	line "$1: git add -A into a new repository" "$(of added added)"
	line "$1: git clone --bare --depth=1" "$(of cloned cloned)"
}

mkdir "$work/small" && cd "$work/small"
for i in $(seq 50); do seq "$i" 90 >"f$i"; done
import
table '50 files'

tree=${1:-$(go mod download -json k8s.io/kubernetes@v1.34.1 | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')}
cp -R --no-preserve=mode "$tree" "$work/tree" && cd "$work/tree"
[ -d .git ] || import
table "$(git ls-files | wc -l) files"

mkdir "$work/many" && cd "$work/many"
python3 -c 'import os
for d in range(600):
  os.makedirs(f"a{d % 20}/d{d}")
  for f in range(100): open(f"a{d % 20}/d{d}/f{f}", "w").write(f"line one\nline two {d} {f}\n" * (1 + f % 9))'
import
samples='git status >/dev/null; for i in 1 2 3 4 5; do s=$EPOCHREALTIME; git status >/dev/null; e=$EPOCHREALTIME; awk -v s=$s -v e=$e "BEGIN { print e - s }"; done'
for _ in 1 2 3; do
	cofferdam run --apply never -- bash -c "$samples" >>"$work/inside" 2>/dev/null
	bash -c "$samples" >>"$work/outside"
done
inside=$(middle "$work/inside") outside=$(middle "$work/outside")
line '60,000 files: git status inside, after the first' "$inside"
line '60,000 files: git status outside' "$outside"
awk -v x="$inside" -v y="$outside" 'BEGIN { printf "%-52s %9.2f x\n", "ratio", x / y }'
cofferdam run --apply never -- bash -c 's=$EPOCHREALTIME; git status >/dev/null; e=$EPOCHREALTIME; awk -v s=$s -v e=$e "BEGIN { print e - s }"' >"$work/first" 2>/dev/null
line '60,000 files: the first git status inside' "$(cat "$work/first")"
line '60,000 files: git of the view, again' "$(of again built)"
