#!/usr/bin/env bash
# Measures what it costs to watch the project while a command runs, and how long a secret shows that comes meanwhile:
# bench/late.sh [TREE]. Without TREE it is the source of kubernetes from the module cache. Needs go, hyperfine, python3.
# WITHOUT=program compares with another cofferdam, such as one of before there was a watch.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache"
cd "$here"
CGO_ENABLED=0 go build -o "$work/cofferdam" ./cmd/cofferdam
tree=${1:-$(go mod download -json k8s.io/kubernetes@v1.34.1 | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')}

compare() { # compare WHAT RUNS COMMAND…: the fastest and the median run, with the processor's time
	what=$1 runs=$2; shift 2
	for program in "$work/cofferdam" ${WITHOUT:+"$WITHOUT"}; do
		hyperfine --shell=none --warmup 2 --runs "$runs" --export-json "$work/h.json" --output null "$program run --apply never -- $*" >/dev/null 2>&1
		python3 - "$work/h.json" "$what" "$program" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))["results"][0]
print("%-28s min %7.1f ms  median %7.1f ms  processor %7.1f ms   %s" % (sys.argv[2], r["min"] * 1e3, r["median"] * 1e3, (r["user"] + r["system"]) * 1e3, sys.argv[3]))
PY
	done
}

mkdir "$work/small" && cd "$work/small"
for i in 1 2 3 4 5 6 7 8 9; do echo "package p$i" >"f$i.go"; done
compare 'true, 9 files' 60 true
compare 'sleep 0.1, 9 files' 30 sleep 0.1
cp -R --no-preserve=mode "$tree" "$work/tree" && cd "$work/tree"
compare 'true, the tree' 8 true
compare 'sleep 0.5, the tree' 8 sleep 0.5

# late WHAT N: N files with a secret each, one after the other, while a command runs; from the write to the whiteout.
late() {
	"$work/cofferdam" run --json --apply never -- sh -c 'trap go=1 USR1; echo ready >&2; until [ "$go" ]; do sleep 0.05; done' >"$work/late.json" 2>"$work/late.err" &
	pid=$!
	until grep -sq ready "$work/late.err"; do sleep 0.05; done
	sleep 1
	for i in $(seq "$2"); do
		echo "password = 'Zq8vT2mX-$i-made-up'" >"late-$i.conf"
		echo "PASSWORD=made-up" >".env.late-$i.local"
		sleep 0.02
	done
	sleep 0.5
	kill -USR1 $pid
	wait $pid
	python3 - "$work/late.json" "$1" <<'PY'
import json, sys
late = sorted(p["visible_ms"] for p in json.load(open(sys.argv[1]))["late_secrets"] if p["hidden"])
print("%-28s %d late secrets were visible for: min %.1f ms, median %.1f ms, max %.1f ms" % (sys.argv[2], len(late), late[0], late[len(late) // 2], late[-1]))
PY
	rm -f late-*.conf .env.late-*.local
}
cd "$work/small" && late '9 files' 100
cd "$work/tree" && late 'the tree' 100
