#!/bin/sh
# lint.sh BUILD: the rules of the house that a compiler does not know. Prints every breach; exit 1 if there is one.
#   layers    a file includes headers of its own room and of lower levels only
#   single    a function that is not static is used by another file
#   budgets   sources of 600 lines at most, functions of 60 (longer ones are listed in tests/lint/budget.txt with why)
#   banned    no exit, abort, signal, stdio, unsafe string functions in lib/; memory through base_alloc alone
#   words     no open points left in comments
#   format    .clang-format
#   documents docs/errors.md is what the list of conditions says
set -u
build=$1
bad=0
breach() { echo "lint: $*"; bad=$((bad + 1)); }
check() { # NAME COMMAND...
    name=$1
    shift
    out=$("$@" 2>&1) || breach "$name
$out"
}
mkdir -p "$build/lint"
check layers awk -f tests/lint/layers.awk lib/*/*.c lib/*/*.h
check "public headers" sh -c '! grep -nE "^#include \"" examples/*.c tests/run_cases.c tests/api/*.c | grep -vE "\"(case_file|test_main|loopback|fail_alloc|api_rig|ext_numbers|temp_dir)[a-z_]*\.h\""'
check budgets awk -f tests/lint/budgets.awk -v allow=tests/lint/budget.txt lib/*/*.c lib/*/*.h tools/*.c tools/*.h
check "banned calls" awk -f tests/lint/banned.awk lib/*/*.c lib/*/*.h
check words sh -c '! grep -rnwE "TODO|FIXME" lib tools include examples tests --include=*.c --include=*.h'
check "unique file names" sh -c 'test -z "$(ls lib/*/*.c lib/*/*.h | sed "s|.*/||" | sort | uniq -d | tee /dev/stderr)"'
check "unit test per source" sh tests/lint/tested.sh
check single sh tests/lint/single.sh "$build"
check documents sh tests/tools/docs.sh "$build" --check
if command -v clang-format >/dev/null 2>&1; then
    check format clang-format --dry-run -Werror --ferror-limit=5 lib/*/*.c lib/*/*.h tools/*.c tools/*.h include/*.h examples/*.c tests/*.c tests/*/*.c tests/*/*.h tests/unit/*/*.c
else
    breach "clang-format is not installed (make lint installs it)"
fi
[ $bad = 0 ] && echo "lint: clean" && exit 0
echo "lint: $bad rules broken"
exit 1
