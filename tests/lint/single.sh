#!/bin/sh
# single.sh BUILD: a function that is not static is used by another file of the library, a test, or is public. Uses the
# objects of whatever build is there, and makes them if there is none.
set -u
build=$1
objects=$(find "$build/lib" "$build/check/lib" -name '*.o' 2>/dev/null | head -1)
if [ -z "$objects" ]; then
    make -s --no-print-directory -j2 BUILD="$build" lib || exit 1
fi
dir=$build/lib
[ -d "$dir" ] || dir=$build/check/lib
find "$dir" -name '*.o' | while read -r o; do # objects of sources that are gone
    [ -e "${o#*"${dir%lib}"}" ] || src="lib${o#"$dir"}"
    [ -e "${src%.o}.c" ] || rm -f "$o"
done
nm -A --defined-only "$dir"/*/*.o | awk '$2 ~ /^[TDR]$/ || $3 ~ /^[TDR]$/ { print $NF }' | grep '^sqi_' | sort >"$build/lint/defined"
nm -A --undefined-only "$dir"/*/*.o | awk '{ print $NF }' | sort -u >"$build/lint/used"
comm -23 "$build/lint/defined" "$build/lint/used" | while read -r name; do
    grep -rqw --include=*.c --include=*.h "$name" tests || echo "$name is used in its own file alone: make it static"
done >"$build/lint/single"
cat "$build/lint/single"
[ ! -s "$build/lint/single" ]
