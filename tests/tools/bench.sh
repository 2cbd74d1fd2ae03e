#!/bin/sh
# bench.sh BUILD: runs the benches, prints their tables and keeps them in BUILD/bench.txt.
set -eu
build=$1
: >"$build/bench.txt"
for b in "$build"/tests/bench/bench_*; do
    case $b in *.d) continue ;; esac
    echo "== ${b##*/}" | tee -a "$build/bench.txt"
    "$b" | tee -a "$build/bench.txt"
done
