#!/usr/bin/env bash
# Runs one test in its long form and keeps what it logged: prove-test.sh NAME PACKAGE TEST FLAGS…
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 package=$2 test=$3
shift 3
kept="benchmarks/results/$name-$(date +%F).txt"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
go test "$package" -run "^$test\$" -count 1 -v -timeout "${PROVE_TIMEOUT:-30m}" "$@" 2>&1 | tee "$log"
mkdir -p benchmarks/results
{
	printf '%s  %s, %s cores, load %s; go test %s -run %s %s\n' "$(date +%F)" "$(uname -m)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$package" "$test" "$*"
	sed -nE 's/^ *[a-z_]+_test\.go:[0-9]+: //p' "$log"
} >"$kept"
