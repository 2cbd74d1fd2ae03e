#!/bin/sh
# docs.sh BUILD [--check]: make docs/errors.md, functions.md, options.md and symbols.txt from the library; with --check
# say which are out of date and change nothing.
set -eu
build=$1
make -s --no-print-directory -j2 BUILD="$build" lib shared
work=$build/docs
mkdir -p "$work"
# shellcheck disable=SC2046
cc -std=c11 -D_GNU_SOURCE -Wall -Werror -Iinclude $(for r in base os data expr state plan op io run api; do echo "-Ilib/$r"; done) \
    $(pkg-config --cflags libpcre2-8 libutf8proc) tests/tools/gen_docs.c -o "$work/gen_docs" "$build/libstreamq.a" \
    $(make -s --no-print-directory libs)
"$work/gen_docs" "$work"
bad=0
for doc in functions.md options.md; do
    if [ "${2:-}" = --check ]; then
        diff -q "$work/$doc" "docs/$doc" >/dev/null || { echo "docs/$doc is out of date: run make docs"; bad=1; }
    else
        cp "$work/$doc" "docs/$doc"
    fi
done
if [ "${2:-}" = --check ]; then
    sh tests/lint/check_errors.sh || bad=1
    sh tests/tools/symbols.sh "$build" || bad=1
else
    sh tests/lint/check_errors.sh --write
    sh tests/tools/symbols.sh "$build" --write
fi
exit $bad
