#!/usr/bin/env bash
# Measures scan against gitleaks and against merely reading the same bytes: bench/scan.sh [TREE...]. Without trees, the
# sources of kubernetes, moby and Go. Every figure is the median of RUNS (3) runs of a whole process on a warm cache, in
# milliseconds. Needs go, git, hyperfine, python3; installs gitleaks v8.30.1.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
runs=${RUNS:-3}
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state"
cd "$here"
CGO_ENABLED=0 go build -trimpath -o "$work/cofferdam" ./cmd/cofferdam
CGO_ENABLED=0 go build -trimpath -o "$work/plainread" ./internal/plainread
GOBIN="$work" CGO_ENABLED=0 go install github.com/zricethezav/gitleaks/v8@v8.30.1
PATH="$work:$PATH"

median() { # median RUNS COMMAND: milliseconds. A scan that finds something ends with 3.
	hyperfine --shell=none --ignore-failure --warmup 1 --runs "$1" --export-json "$work/h.json" "$2" --output null >/dev/null 2>"$work/h.err" || { cat "$work/h.err" >&2; return 1; }
	python3 -c 'import json,sys; print("%.1f" % (1000*json.load(open(sys.argv[1]))["results"][0]["median"]))' "$work/h.json"
}
row() { # row WHAT MS PLAIN GITLEAKS
	awk -v w="$1" -v x="$2" -v p="$3" -v g="$4" 'BEGIN { printf "  %-34s %9.1f", w, x; if (p) printf "  %6.2f x reading", x/p; if (g) printf "  gitleaks takes %6.1f x", g/x; print "" }'
}

mkdir "$work/empty"
echo "scan of an empty directory"
row 'cofferdam scan' "$(median 30 "cofferdam scan $work/empty")" 0 0

if [ $# -eq 0 ]; then
	module() { (cd "$work" && GOFLAGS=-mod=mod go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p'; }
	set -- "$(module k8s.io/kubernetes@v1.34.1)" "$(module github.com/moby/moby@v28.5.1+incompatible)" "$(go env GOROOT)"
fi
for tree; do
	cp -R --no-preserve=mode "$tree" "$work/tree"
	echo; echo "$(basename "$tree"): $(plainread "$work/tree")"
	plain=$(median 10 "plainread $work/tree")
	row 'reading every byte' "$plain" 0 0
	for depth in 0 5; do
		leaks=$(median "$runs" "gitleaks dir --no-banner --log-level error --exit-code 0 --max-decode-depth $depth $work/tree")
		row "gitleaks, depth $depth" "$leaks" "$plain" 0
		row "scan, the same rules, depth $depth" "$(median 10 "cofferdam scan --no-cache --archive-depth 0 --rules gitleaks --decode-depth $depth $work/tree")" "$plain" "$leaks"
		row "scan, all rules, depth $depth" "$(median 10 "cofferdam scan --no-cache --archive-depth 0 --decode-depth $depth $work/tree")" "$plain" "$leaks"
	done
	cofferdam scan "$work/tree" >/dev/null || true
	again=$(median 10 "cofferdam scan $work/tree")
	git -C "$work/tree" init -q && git -C "$work/tree" add -A && git -C "$work/tree" status >/dev/null
	status=$(median 10 "git -C $work/tree status --porcelain")
	row 'scan again, nothing changed' "$again" 0 0
	row 'git status' "$status" 0 0
	rm -rf "$work/tree"
done
