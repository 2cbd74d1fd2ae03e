#!/bin/sh
# check.sh BUILD [programs]: run every test program that `make check` has built, and close with one line: N passed, N failed.
# Check programs print "100%: Checks: 12, Failures: 0, Errors: 0"; everything else counts as one test by its exit code.
# LIMIT (100): seconds that one of them may take. JOBS: how many run at a time (the processors and one).
set -u
build=$1
log=$build/check.log
passed=0
failed=0
: >"$log"

count() { # NAME STATUS OUTPUT
    checks=$(sed -n 's/.*Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' "$3" | tail -1)
    if [ -n "$checks" ]; then
        # shellcheck disable=SC2086
        set -- "$1" "$2" "$3" $checks
        bad=$(($5 + $6))
        passed=$((passed + $4 - bad))
        failed=$((failed + bad))
    elif [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    cat "$3" >>"$log"
    if [ "$2" != 0 ]; then
        echo "FAILED: $1 (exit $2)"
        grep -vE ':P:|^[0-9]+%:|^Running suite' "$3" | tail -40
        [ -n "$checks" ] && [ "$((bad + 0))" = 0 ] && failed=$((failed + 1))
    fi
}

jobs=$build/jobs
rm -rf "$jobs"
mkdir -p "$jobs"
job() { # NAME COMMAND, for the shell
    printf '%s\t%s\n' "$1" "$2" >>"$jobs/list"
}

programs() { # DIR...: the test programs there
    for dir; do
        find "$build/tests/$dir" -type f -perm -100 -name 'test_*' 2>/dev/null | sort -r
    done
}

start=$(date +%s)
# What takes longest comes first, so that no processor waits for another at the end: whole flows, the case files, units.
for t in $(programs flow oom api conform); do
    job "${t#"$build"/}" "$t"
done
all="tests/cases/*.case tests/cases/*.expr"
# The case files: each case and each expression is a test; what is listed in pending.txt is expected to differ.
job "run_cases" "$build/tests/run_cases --pending tests/cases/pending.txt $all"
# Answers depend neither on threads nor on the size of chunks, nor on whether bytes are scanned with SIMD, nor on restarts.
# Each of these runs is one test.
for program in run_cases run_cases_portable; do
    for threads in 1 2 3; do
        for chunk in 1 7 2048; do
            # The portable path has no part in how threads share: it needs no more than the corners.
            [ $program = run_cases_portable ] && [ $((threads * chunk)) != 2048 ] && [ $((threads * chunk)) != 3 ] && continue
            # With sanitizers one combination of each will do: they look at memory, not at answers.
            [ "${2:-}" = programs ] && [ $((threads * chunk)) != 14 ] && [ "$program $chunk" != "run_cases_portable 1" ] && continue
            job "$program, $threads threads, chunks of $chunk" "$build/tests/$program --threads $threads --chunk $chunk \
--pending tests/cases/pending.txt $all"
        done
    done
done
job "run_cases, a restart before each run" "$build/tests/run_cases --threads 2 --restarts 1 --pending tests/cases/pending.txt $all"
for t in $(programs unit); do
    job "${t#"$build"/}" "$t"
done
for t in $(find "$build/tests/fuzz" -type f -perm -100 -name 'replay_*' 2>/dev/null | sort); do
    job "${t#"$build"/}" "$t tests/fuzz/corpus/${t##*/replay_fuzz_}"
done
if [ "${2:-}" != programs ]; then # the rest does not depend on how the library was compiled
    for part in headers symbols doc_examples install_check examples; do
        job "$part" "sh tests/tools/$part.sh $build"
    done
fi
job "socket word count" "sh tests/tools/demo.sh $build"

# One more at a time than there are processors: some wait for the disk, or for a clock.
seq 1 "$(wc -l <"$jobs/list")" | xargs -P "${JOBS:-$(($(nproc) + 1))}" -n 1 sh tests/tools/check_one.sh "$jobs"

number=0
while IFS='	' read -r name command; do
    number=$((number + 1))
    status=$(cat "$jobs/$number.status" 2>/dev/null || echo "none: it was not run")
    if [ "$name" != run_cases ]; then
        count "$name" "$status" "$jobs/$number.log"
        continue
    fi
    cp "$jobs/$number.log" "$build/cases.log"
    cases=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$build/cases.log" | tail -1)
    if [ -z "$cases" ]; then
        failed=$((failed + 1))
        echo "FAILED: run_cases did not reach its end"
        tail -5 "$build/cases.log"
    else
        passed=$((passed + ${cases% *}))
        failed=$((failed + ${cases#* }))
        [ "${cases#* }" = 0 ] || head -60 "$build/cases.log"
        grep ' pending of ' "$build/cases.log" | sed 's/^/case files: /;s/$/ in tests\/cases\/pending.txt/'
    fi
done <"$jobs/list"
echo "the slowest, in seconds:" >>"$log"
cat "$jobs"/*.seconds | sort -rn | head -5 >>"$log"
echo "tests took $(($(date +%s) - start)) s; details in $log and $build/cases.log"
echo "$passed passed, $failed failed" | tee "$build/summary.txt"
[ "$failed" = 0 ]
