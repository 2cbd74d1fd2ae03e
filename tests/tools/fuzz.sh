#!/bin/sh
# fuzz.sh BUILD [SECONDS [TARGET...]]: every target of tests/fuzz (or the targets named: sql, literals, ...) under clang's
# fuzzer with the address and undefined-behaviour sanitizers, SECONDS each (60). New inputs stay in BUILD/fuzz/corpus; an
# input that fails is kept as BUILD/fuzz/TARGET-crash-... and belongs into tests/fuzz/corpus/TARGET once it is understood.
set -eu
build=$1/fuzz
seconds=${2:-60}
shift
[ $# -gt 0 ] && shift
targets=${*:-$(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')}
flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
rooms=$(ls -d lib/*/ | sed 's|^|-I|')
libs="$(pkg-config --libs libpcre2-8 libutf8proc) -lm -pthread"

make -s --no-print-directory -j2 CC=clang BUILD="$build" CFLAGS="$flags -fsanitize=fuzzer-no-link" "$build/libstreamq.a"
for target in $targets; do
    corpus=$build/corpus/$target
    mkdir -p "$corpus"
    # shellcheck disable=SC2086
    clang -std=c11 -D_GNU_SOURCE $flags -fsanitize=fuzzer -Iinclude $rooms "tests/fuzz/fuzz_$target.c" \
        "$build/libstreamq.a" $libs -o "$build/fuzz_$target"
    dict=""
    [ -e "tests/fuzz/$target.dict" ] && dict="-dict=tests/fuzz/$target.dict"
    echo "== fuzz_$target, $seconds seconds"
    # shellcheck disable=SC2086
    if "$build/fuzz_$target" -max_total_time="$seconds" -max_len=4000 -rss_limit_mb=2000 -timeout=10 $dict \
        -artifact_prefix="$build/$target-" "$corpus" "tests/fuzz/corpus/$target" >"$build/$target.log" 2>&1; then
        sed -n 's/^Done \(.*\)/\1/p' "$build/$target.log"
    else
        grep -E 'ERROR|SUMMARY|runtime error|does not hold|lost|Test unit written' "$build/$target.log" || tail -5 "$build/$target.log"
        exit 1
    fi
done
