#!/bin/sh
# demo_durable.sh BUILD [KILLS]: the durable word count, killed with -9 a dozen times while text files arrive; at the end its
# counts are those of sort and uniq.
set -eu
build=$1
kills=${2:-12}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/in" "$room/next"
program=$build/examples/durable_word_count
echo "A query counts the words of text files as they come, and is killed $kills times:"
echo "    $program $room/in $room/checkpoint $room/counts"
echo
written=0
feed() { # a few files more, moved in when they are whole
    for _ in 1 2 3; do
        written=$((written + 1))
        awk -v seed=$written 'BEGIN { srand(seed) } { n = int(rand() * 4); for (i = 0; i < n; i++) print }' examples/lines.txt \
            >"$room/next/$written.txt"
        mv "$room/next/$written.txt" "$room/in/"
    done
}
killed=0
while [ $killed -lt "$kills" ]; do
    feed
    "$program" "$room/in" "$room/checkpoint" "$room/counts" &
    query=$!
    # Any moment will do: while it starts, while it restores, in the middle of a batch.
    sleep "0.0$((killed * 7 % 10))$((killed * 3 % 10))"
    feed
    kill -9 $query
    wait $query 2>/dev/null || true
    killed=$((killed + 1))
    words=$(awk '{ n += $1 } END { print n + 0 }' "$room/counts" 2>/dev/null || echo 0)
    echo "kill $killed: $written files written, $words words counted so far"
done
"$program" "$room/in" "$room/checkpoint" "$room/counts" once
cat "$room"/in/*.txt | tr ' ' '\n' | grep . | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' >"$room/expected"
awk '{ print $2, $1 }' "$room/counts" >"$room/got"
if ! cmp -s "$room/expected" "$room/got"; then
    echo "demo-durable: the counts differ from those of sort | uniq -c" >&2
    diff "$room/expected" "$room/got" | head -20 >&2
    exit 1
fi
echo
echo "demo-durable: $kills kills, $written files, $(awk '{ n += $2 } END { print n }' "$room/got") words of $(wc -l <"$room/got" | tr -d ' ') kinds, counted as sort | uniq -c does"
