#!/bin/sh
# bench.sh BUILD: runs the benchmark programs and keeps their figures in BUILD/bench.json (one object a line), prints them
# as a table with the goals, and writes docs/benchmarks.md. From the environment:
#   ROWS="1 9"   only these rows; the others stay as an earlier run left them
#   PEERS=1      install DuckDB and PySpark under BUILD/peers first
#   SLOW=1       also time make check (part of row 15)
#   BENCH_WRAP   a command to put before each program ("taskset -c 1", "flock FILE")
set -eu
build=$1
rows=${ROWS:-}
json=$build/bench.json
new=$build/bench/new.jsonl
log=$build/bench/bench.txt
failed=$build/bench/failed.txt
mkdir -p "$build/bench"
: >"$new"
: >"$log"
: >"$failed"
export BENCH_DIR="$build/bench" BENCH_BUILD="$build" BENCH_ROWS="$rows"

wanted() {
    [ -z "$rows" ] && return 0
    case " $rows " in *" $1 "*) return 0 ;; esac
    return 1
}

# Lines of JSON are figures; what else a program says goes to the log and to the eye.
collect() {
    tee -a "$log" | awk -v new="$new" '/^\{"row"/ { print >>new; print "  row " substr($0, 9, 60) "..."; next } { print }'
}

# A program has something to say if it uses the kit (the others are run by hand) and names a row that is asked for.
concerned() {
    grep -q '"bench_kit.h"' "tests/bench/$1.c" || return 1
    [ -z "$rows" ] && return 0
    for row in $rows; do
        grep -q "\"$row\"" "tests/bench/$1.c" && return 0
    done
    return 1
}

uptime_now() {
    read -r now rest </proc/uptime
    echo "$now"
}

# timed NAME GOAL COMMAND...: row 15, seconds of a command.
timed() {
    what=$1 goal=$2
    shift 2
    begin=$(uptime_now)
    if "$@" >>"$log" 2>&1; then
        awk -v a="$begin" -v b="$(uptime_now)" -v what="$what" -v goal="$goal" \
            'BEGIN { printf "{\"row\":\"15\",\"what\":\"%s\",\"unit\":\"s\",\"ours\":%.1f,\"goal\":\"%s\"}\n", what, b - a, goal }'
    else
        echo "bench.sh: '$*' failed, see $log" >&2
    fi
}

[ "${PEERS:-0}" = 1 ] && sh tests/tools/bench_peers.sh "$build"

for source in tests/bench/bench_*.c; do
    name=$(basename "$source" .c)
    [ "$name" = bench_kit ] && continue
    concerned "$name" || continue
    echo "== $name"
    # shellcheck disable=SC2086
    { ${BENCH_WRAP:-} "$build/tests/bench/$name" || echo "$name" >>"$failed"; } | collect
done

if wanted 15; then
    echo "== building"
    again=$(mktemp -d)
    timed "make -j2 from clean" "<= 40" ${BENCH_WRAP:-} make -s -j2 BUILD="$again" | collect
    rm -rf "$again"
    if [ "${SLOW:-0}" = 1 ]; then
        timed "make check, with its build" "<= 120" make -s BUILD="$build" check | collect
    fi
fi

sh tests/tools/bench_table.sh merge "$json" "$new"
sh tests/tools/bench_table.sh text "$json"
sh tests/tools/bench_table.sh markdown "$json" >docs/benchmarks.md
[ -s "$failed" ] && echo "bench.sh: failed: $(paste -sd ' ' "$failed")" >&2 && exit 1
echo "Figures: $json   Table: docs/benchmarks.md"
