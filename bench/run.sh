#!/usr/bin/env bash
# Measures the main job against known things and prints a table: bench/run.sh [TREE]. TREE is a git checkout to work
# on a copy of; without it, the source of kubernetes from the module cache. Needs git, go, bwrap, hyperfine, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
cd "$here"
CGO_ENABLED=0 go build -o "$work/cofferdam" ./cmd/cofferdam
PATH="$work:$PATH"

median() { # median RUNS COMMAND: seconds
	hyperfine --shell=none --warmup 2 --runs "$1" --export-json "$work/h.json" "$2" --output null >/dev/null 2>"$work/h.err" || { cat "$work/h.err" >&2; return 1; }
	python3 -c 'import json,sys; print("%.4f" % json.load(open(sys.argv[1]))["results"][0]["median"])' "$work/h.json"
}
row() { # row WHAT SECONDS KNOWN SECONDS
	awk -v a="$1" -v x="$2" -v b="$3" -v y="$4" 'BEGIN { printf "%-44s %9.1f ms   %-34s %9.1f ms   %6.2f x\n", a, x*1000, b, y*1000, x/y }'
}

mkdir "$work/small" && cd "$work/small"
for i in 1 2 3 4 5 6 7 8 9; do echo "package p$i" >"f$i.go"; done
echo 'PASSWORD=made-up-for-the-benchmark' >.env
bw=$(median 50 "bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup --unshare-net --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --ro-bind /etc /etc --proc /proc --dev /dev --tmpfs /tmp --bind $work/small $work/small --chdir $work/small true")
run=$(median 50 "cofferdam run --apply never -- true")
row 'run -- true, 10 files' "$run" 'bwrap, the same namespaces' "$bw"

tree=${1:-$(go mod download -json k8s.io/kubernetes@v1.34.1 | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')}
cp -R --no-preserve=mode "$tree" "$work/tree" && cd "$work/tree"
[ -d .git ] || { git init -q . && git add -A && git -c user.name=b -c user.email=b@example.invalid commit -qm import; }
echo 'PASSWORD=made-up-for-the-benchmark' >.env
read_all=$(median 3 "python3 -c 'import os
for d,_,fs in os.walk(\".\"):
  for f in fs:
    p=os.path.join(d,f)
    if not os.path.islink(p): open(p,\"rb\").read()'")
cofferdam run --apply never --timings -- true 2>"$work/timings"
echo; echo "steps of run -- true on $(git ls-files | wc -l) files:"; grep ' ms$' "$work/timings"
stage=$(median 3 "cofferdam run --apply never -- true")
row 'run -- true on the tree' "$stage" 'python3 reads every file' "$read_all"

# compare NAME ROUNDS COMMAND: the median of COMMAND inside and outside, taken in turns, five samples a round. The shell
# that runs it measures, so that staging is not in it.
samples='for i in 1 2 3 4 5; do s=$EPOCHREALTIME; eval "$WORKLOAD" >/dev/null 2>&1; e=$EPOCHREALTIME; awk -v s=$s -v e=$e "BEGIN { print e - s }"; done'
compare() {
	export WORKLOAD=$3
	: >"$work/inside"
	: >"$work/outside"
	for _ in $(seq "$2"); do
		cofferdam run --apply never --git host --home-path go --env WORKLOAD -- bash -c "$samples" >>"$work/inside" 2>/dev/null
		cofferdam discard --yes 2>/dev/null
		bash -c "$samples" >>"$work/outside"
	done
	row "$1, inside" "$(middle "$work/inside")" outside "$(middle "$work/outside")"
}
middle() { sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"; }
compare 'git status' 3 'git --no-optional-locks status'
git clone -q "$here" "$work/self" && cd "$work/self"
compare 'create and remove 5,000 files' 3 'mkdir made; for i in $(seq 5000); do echo $i >made/$i; done; rm -r made'
compare 'go build with an empty cache' 1 'rm -rf /tmp/bench-cache; GOCACHE=/tmp/bench-cache GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-buildvcs=false go build -o /tmp/bench-out ./rules/generate'
rm -rf /tmp/bench-cache /tmp/bench-out

mkdir "$work/many" && cd "$work/many"
for i in $(seq 100); do mkdir "d$i"; for j in $(seq 100); do printf 'line one\nline two %s\n' "$i.$j" >"d$i/f$j"; done; done
cofferdam run --apply never -- sh -c 'for f in d*/f*; do echo changed >>"$f"; done' 2>/dev/null
took() { s=$EPOCHREALTIME; "$@" >/dev/null 2>&1; e=$EPOCHREALTIME; awk -v s="$s" -v e="$e" 'BEGIN { print e - s }'; }
for i in 1 2 3; do
	took sh -c "cp -a '$work/many' '$work/copied$i'; sync -f '$work/copied$i'" >>"$work/cp"
	took cofferdam diff >>"$work/diff"
	took cofferdam apply --yes >>"$work/apply"
	took cofferdam undo --yes >>"$work/undo"
done
for what in diff apply undo; do
	row "$what of 10,000 changed files" "$(middle "$work/$what")" 'cp -a and sync of the same' "$(middle "$work/cp")"
done
