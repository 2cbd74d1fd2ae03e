#!/bin/sh
# doc_examples.sh BUILD: the C programs shown in README.md and docs/ are built and run; where a document shows a
# program's output right after it (a ```text block), the program prints exactly that.
set -eu
build=$1
work=$build/doc_examples
rm -rf "$work"
mkdir -p "$work"
flags="-std=c11 -D_GNU_SOURCE -Wall -Werror -Iinclude"
libs="$build/libstreamq.a $(make -s --no-print-directory libs)"
n=0
for doc in README.md $(find docs -name '*.md' | sort); do
    awk -v base="$work/$(echo "$doc" | tr '/' '_')" '
        /^```c$/ { ++n; file = base "." n ".c"; kind = "c"; next }
        /^```text$/ && last == "c" { file = base "." n ".out"; kind = "text"; next }
        /^```/ { if (file != "") { close(file); last = kind } file = ""; kind = ""; next }
        file != "" { print > file; next }
        NF { last = "" }
    ' "$doc"
done
for program in "$work"/*.c; do
    [ -e "$program" ] || continue
    grep -q 'int main' "$program" || continue
    # shellcheck disable=SC2086
    cc $flags "$program" -o "${program%.c}" $libs
    n=$((n + 1))
    out=${program%.c}.out
    if [ -e "$out" ]; then
        timeout 20 "${program%.c}" >"${program%.c}.got"
        diff "$out" "${program%.c}.got" || { echo "documents: $program prints something else than the document says"; exit 1; }
    fi
done
echo "$n programs in documents build and print what the documents say"
