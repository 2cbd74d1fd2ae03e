#!/bin/sh
# examples.sh BUILD: the examples run and print what they must. (socket_word_count and text_feeder run in demo.sh.)
set -eu
build=$1
same() { # NAME EXPECTED GOT
    [ "$2" = "$3" ] || { printf 'examples: %s prints\n%s\nbut should print\n%s\n' "$1" "$3" "$2"; exit 1; }
}
same event_loop "batch 0: a 2
batch 0: b 1" "$(printf 'a b a\n' | "$build/examples/event_loop")"
same own_source_and_sink "square(n) AS sq
the sink is given 1 column(s)
batch 0: 4 row(s), sum 30
batch 1: 4 row(s), sum 174
batch 2: 2 row(s), sum 181
greatest_of(square(n)) AS g
the sink is given 1 column(s)
batch 0: 1 row(s), sum 16
batch 1: 1 row(s), sum 64
batch 2: 1 row(s), sum 100" "$("$build/examples/own_source_and_sink")"
if [ -e "$build/libstreamq.so" ] && command -v python3 >/dev/null; then
    lines=$(wc -l <examples/ffi/python/word_count.py)
    [ "$lines" -lt 60 ] || { echo "examples: the Python client has $lines lines"; exit 1; }
    same word_count.py "| spark|    3|" "$(python3 examples/ffi/python/word_count.py "$build/libstreamq.so" | grep spark | tail -1)"
fi
echo "examples run"
