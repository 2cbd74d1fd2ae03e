#!/bin/sh
# tested.sh: every room's sources have a test program. A source may be tested with its family: the test's name is then
# the longest prefix that exists (data_order_hash.c by test_data_order.c); tests/lint/tested.txt lists the others.
set -u
bad=0
for source in lib/*/*.c; do
    room=$(basename "$(dirname "$source")")
    name=$(basename "$source" .c)
    stem=$name
    found=""
    while [ -n "$stem" ]; do
        for folder in "unit/$room" api flow conform; do
            [ -e "tests/$folder/test_$stem.c" ] && found=1
        done
        [ -n "$found" ] && break
        case $stem in *_*) stem=${stem%_*} ;; *) stem="" ;; esac
    done
    grep -q "^$name " tests/lint/tested.txt && found=1
    if [ -z "$found" ]; then
        echo "$source has no test (tests/unit/$room/test_$name.c)"
        bad=1
    fi
done
exit $bad
