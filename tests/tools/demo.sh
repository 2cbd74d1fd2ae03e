#!/bin/sh
# demo.sh BUILD: the socket word count on real TCP input. A feeder plays examples/lines.txt; the query prints Spark's
# tables; when the text has been counted the query is stopped as by Ctrl-C. Exit 0 if the last table is right.
set -eu
build=$1
out=$build/demo.txt
port_file=$build/demo.port
rm -f "$out" "$port_file"
"$build/examples/text_feeder" 0 examples/lines.txt 2 400 >"$port_file" &
feeder=$!
tries=0
while [ ! -s "$port_file" ] && [ $tries -lt 50 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
port=$(cat "$port_file")
echo "A feeder plays examples/lines.txt, two lines at a time, on port $port. The query:"
echo "    build/examples/socket_word_count localhost $port"
echo
"$build/examples/socket_word_count" localhost "$port" >"$out" &
query=$!
trap 'kill $feeder $query 2>/dev/null || true' EXIT
while kill -0 $feeder 2>/dev/null; do # it waits for the query, however long
    kill -0 $query 2>/dev/null || { echo "demo: the query ended before the text was sent" >&2; exit 1; }
    sleep 0.1
done
wait $feeder
# The text is sent; give the query until the last word is in a printed table.
tries=0
until grep -q '| *last|' "$out" || [ $tries -ge 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -INT $query
wait $query
trap - EXIT
cat "$out"
words=$(tr ' ' '\n' <examples/lines.txt | grep -c .)
counted=$(awk '/^Batch:/ { sum = 0 } /^\|/ { gsub(/[| ]+/, " "); split($0, c, " "); if (c[2] ~ /^[0-9]+$/) sum += c[2] } END { print sum }' "$out")
if [ "$words" != "$counted" ]; then
    echo "demo: the text has $words words, the last table counts $counted" >&2
    exit 1
fi
echo "demo: $words words sent, $counted counted in the last table"
