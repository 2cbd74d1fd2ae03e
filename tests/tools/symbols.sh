#!/bin/sh
# symbols.sh BUILD [--write]: the shared library exports exactly the symbols of docs/symbols.txt, all with our prefix,
# and exactly those that the headers declare. The static library adds nothing to the program's names but sqi_ and ours.
set -eu
build=$1
lib=$build/libstreamq.so
exported=$build/symbols.exported
declared=$build/symbols.declared
nm -D --defined-only "$lib" | awk '$2 ~ /[TDBR]/ { print $3 }' | sort >"$exported"
sed -n 's/^STREAMQ_API .*[ *]\(streamq_[a-z0-9_]*\)(.*/\1/p' include/*.h | sort -u >"$declared"
if [ "${2:-}" = --write ]; then
    { echo "# symbol since"; sed 's/$/ 0.1/' "$exported"; } >docs/symbols.txt
fi
diff "$declared" "$exported" || { echo "symbols: '<' is declared and not exported, '>' exported and not declared"; exit 1; }
grep -v '^#' docs/symbols.txt | awk '{ print $1 }' | sort | diff - "$exported" || { echo "symbols: docs/symbols.txt differs from the library"; exit 1; }
if grep -v '^streamq_' "$exported"; then echo "symbols: exported without the prefix"; exit 1; fi
other=$(nm --defined-only "$build/libstreamq.a" 2>/dev/null | awk '$2 ~ /[TDBRC]/ && $3 !~ /^(sqi_|streamq_)/ { print $3 }' | sort -u)
[ -z "$other" ] || { echo "symbols: global names without a prefix in the static library: $other"; exit 1; }
echo "$(wc -l <"$exported") symbols exported"
