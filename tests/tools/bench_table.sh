#!/bin/sh
# bench_table.sh merge JSON NEW       figures of NEW in place of those of the same rows in JSON, in the order of the rows
#                text JSON            a table to read in a terminal
#                markdown JSON        docs/benchmarks.md
# JSON is a list with one object a line, as the benchmark programs print them.
set -eu

merge() {
    [ -f "$1" ] || echo "[]" >"$1"
    {
        awk 'FNR == NR { if (match($0, /^\{"row":"[^"]+"/)) fresh[substr($0, RSTART, RLENGTH)] = 1; next }
             match($0, /^\{"row":"[^"]+"/) && !(substr($0, RSTART, RLENGTH) in fresh) { sub(/,$/, ""); print }' "$2" "$1"
        cat "$2"
    } | awk -F'"' '{ k = $4; sub(/^D/, "100", k); print k "\t" $0 }' | sort -n -s -k1,1 | cut -f2- |
        awk 'BEGIN { print "[" } NR > 1 { print line "," } { line = $0 } END { if (NR) print line; print "]" }' >"$1.new"
    mv "$1.new" "$1"
}

# Fields, tab separated: row what ours unit peer peer_name ratio spread goal met rss cpu
fields() {
    awk '
    function text(key, at) { # of a string field; quotes within are escaped
        if (!match($0, "\"" key "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
        at = substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5)
        gsub(/\\"/, "\"", at); gsub(/\\\\/, "\\", at)
        return at
    }
    function number(key) {
        if (!match($0, "\"" key "\":-?[0-9.e+-]+")) return ""
        return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
    }
    function round(x) {
        if (x == "") return ""
        x += 0
        return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : x >= 1 ? "%.2f" : "%.3g", x)
    }
    function met(goal, x, limit) {
        if (goal == "" || x == "") return ""
        limit = goal; sub(/^[<>]=? */, "", limit); limit = limit + 0
        if (goal ~ /^>/) return x + 0 >= limit ? "yes" : "no"
        return x + 0 <= limit ? "yes" : "no"
    }
    /^\{"row"/ {
        ratio = number("ratio"); goal = text("goal"); spread = ""
        if (match($0, /"spread":\[[^]]*\]/)) {
            split(substr($0, RSTART + 10, RLENGTH - 11), s, ",")
            spread = round(s[1]) " to " round(s[2])
        }
        missing = text("missing")
        OFS = "\t"
        print text("row"), text("what") (missing != "" ? " (" missing ")" : ""), round(number("ours")), text("unit"), round(number("peer")),
            text("peer_name"), round(ratio), spread, goal, met(goal, ratio != "" ? ratio : number("ours")), round(number("rss_mb")),
            round(number("cpu_s"))
    }' "$1"
}

text() {
    fields "$1" | awk -F'\t' '
    function cut(s, n) { return length(s) > n ? substr(s, 1, n - 2) ".." : s }
    BEGIN {
        format = "%3s  %-78s %9s %-12s %9s  %6s %-16s %-8s %s\n"
        printf format, "row", "what", "ours", "", "peer", "ratio", "", "goal", "met"
    }
    { printf format, $1, cut($2, 78), $3, cut($4, 12), $5, $7, $8, $9, $10 }'
}

machine() {
    model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)
    mb=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
    caches=$(LC_ALL=C lscpu 2>/dev/null | sed -n 's/^\(L[123][di]* cache\): */\1 /p' | paste -sd ',' | sed 's/,/, /g')
    echo "$(uname -m), ${model:-unknown processor}, $(getconf _NPROCESSORS_ONLN) processors; ${caches:-caches unknown}; $mb GiB of memory;"
    echo "$(uname -s) $(uname -r | cut -d- -f1); $(${CC:-cc} --version | head -1)."
}

markdown() {
    cat <<'END'
# Benchmarks

This page is written by `make bench` on the machine below. What matters are the ratios: ours and the peer run in turn in one
process on the same bytes (A B A B); the ratio is the median of the turns', followed by their least and greatest.

    make bench                  # all rows, without peers that need installing
    make bench PEERS=1          # DuckDB and PySpark too: pip installs them under build/peers
    make bench ROWS="1 9"       # these rows; the others stay as they were
    make bench SLOW=1           # also times make check

END
    echo "The machine: $(machine)"
    cat <<'END'

The inputs are made by the programs from fixed seeds. The text of rows 1 to 4 is 200 MB: lines of 4 to 12 words, 200,000
distinct words of 2 to 12 letters, their frequencies by Zipf's law. "Hand-written C" is `tests/bench/limit_*.c`: one thread,
the work of the row and nothing else, as fast as we know how to write it; a faster way that is found goes in there too.

| row | what | ours | peer | ratio (spread) | goal | met | peak RSS, CPU |
|---|---|---|---|---|---|---|---|
END
    fields "$1" | awk -F'\t' '{
        gsub(/\|/, "\\|")
        peer = $5 == "" ? "" : $5 " (" $6 ")"
        ratio = $7 == "" ? "" : $7 ($8 == "" ? "" : " (" $8 ")")
        use = $11 == "" ? "" : $11 " MB" ($12 == "" ? "" : ", " $12 " s")
        print "| " $1 " | " $2 " | " $3 ($3 == "" ? "" : " " $4) " | " peer " | " ratio " | " $9 " | " $10 " | " use " |"
    }'
    cat <<'END'

Peak RSS is of the whole program, its inputs and the peer included; CPU seconds are of one of our runs, all threads. Rows whose
goal is about a figure, not a ratio, name it in "ours". What explains a figure that does not meet its goal is in
[docs/design/speed.md](design/speed.md).
END
}

case $1 in
merge) merge "$2" "$3" ;;
text) text "$2" ;;
markdown) markdown "$2" ;;
esac
