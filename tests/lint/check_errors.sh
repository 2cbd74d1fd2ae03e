#!/bin/sh
# check_errors: docs/errors.md says what lib/base/base_cond.h says. With --write, makes it so.
set -eu
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
${CC:-cc} -std=c11 -Wall -Werror -Iinclude -Ilib/base tests/lint/gen_errors.c lib/base/base_cond.c -o "$tmp/gen"
"$tmp/gen" > "$tmp/errors.md"
if [ "${1:-}" = --write ]; then
    cp "$tmp/errors.md" docs/errors.md
elif ! diff -u docs/errors.md "$tmp/errors.md"; then
    echo "docs/errors.md is out of date: run tests/lint/check_errors.sh --write" >&2
    exit 1
fi
