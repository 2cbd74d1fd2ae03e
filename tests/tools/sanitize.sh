#!/bin/sh
# sanitize.sh BUILD COMPILER: the library and all test programs built with the address and undefined-behaviour
# sanitizers, then run. Leaks, overflows and undefined shifts fail the program that shows them.
set -eu
build=$1/san-$2
echo "== $2 with -fsanitize=address,undefined"
make -s --no-print-directory -j2 CC="$2" BUILD="$build" \
    CFLAGS='-O0 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' tests
# Checks that fork count leaks per test; the suite's own processes stay small.
ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 CK_DEFAULT_TIMEOUT=60 \
    LIMIT=400 EQUIVALENCE_SPLITS=1000 sh tests/tools/check.sh "$build" programs
