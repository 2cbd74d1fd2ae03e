#!/bin/sh
# check_full.sh BUILD: what `make check` has no time for: sanitizers with two compilers, threads, valgrind, every request
# for memory refused, kills and tampering without end, the whole library without SIMD, fuzzing, Arrow against pyarrow and nanoarrow. Each part is one test; ends with N passed, N failed.
# FUZZ_SECONDS (60): time of each fuzz harness. KILLS (10000): of the part "durable". PARTS: only these ("san threads valgrind memory durable portable fuzz arrow").
# COMPILERS (gcc clang): of the part "threads".
set -u
build=$1
seconds=${FUZZ_SECONDS:-60}
parts=${PARTS:-san threads valgrind memory durable portable fuzz arrow}
logs=$build/full
passed=0
failed=0
mkdir -p "$logs"

part() { # NAME COMMAND...
    name=$1
    shift
    start=$(date +%s)
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name ($(($(date +%s) - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name ($(($(date +%s) - start)) s), see $logs/$name.log"
        tail -15 "$logs/$name.log"
    fi
}

programs() { # DIR...: the test programs there
    find "$@" -type f -perm -100 -name 'test_*' 2>/dev/null | sort
}

threads() { # COMPILER
    out=$build/tsan-$1
    sources=$(echo tests/api/test_*.c tests/unit/run/test_*.c tests/unit/io/test_*.c tests/unit/op/test_op_pipe.c \
        tests/unit/op/test_op_group*.c tests/unit/os/test_os_*.c tests/flow/test_threads.c tests/flow/test_process_all.c)
    # shellcheck disable=SC2046,SC2086
    make -s --no-print-directory -j2 CC="$1" BUILD="$out" CFLAGS='-O1 -g -fsanitize=thread -fno-omit-frame-pointer' \
        "$out/tests/run_cases" $(for t in $sources; do echo "$out/${t%.c}"; done) || return 1
    bad=0
    for t in $(programs "$out/tests/api" "$out/tests/unit" "$out/tests/flow"); do
        case $t in *test_bad_input) continue ;; esac # its sizes are for plain programs
        echo "== $t"
        TSAN_OPTIONS=halt_on_error=1 CK_DEFAULT_TIMEOUT=240 "$t" || bad=1
    done
    for n in 2 3; do
        TSAN_OPTIONS=halt_on_error=1 "$out/tests/run_cases" --threads $n --chunk 7 --pending tests/cases/pending.txt \
            tests/cases/*.case tests/cases/*.expr || bad=1
    done
    return $bad
}

portable() {
    make -s --no-print-directory -j2 BUILD="$build/portable" CFLAGS='-O1 -g -DSQI_PORTABLE' tests || return 1
    LIMIT=400 CK_DEFAULT_TIMEOUT=60 sh tests/tools/check.sh "$build/portable" programs
}

plain() { # TARGET: a build for valgrind, for refused memory and for other processes to load
    make -s --no-print-directory -j2 BUILD="$build/plain" CFLAGS='-O1 -g -DSQI_ONLY_WANTED_ROWS' "$1"
}

memcheck() {
    plain tests || return 1
    bad=0
    for t in $(programs "$build/plain/tests/unit"); do
        echo "== $t"
        # These take many minutes here and run under the address sanitizer already; and PCRE2's machine code, which the
        # last of them has run often enough, reads whole vectors and looks at what lies inside of the text.
        case $t in *test_expr_files | *test_sql_cases | *test_data_pow10 | *test_func_split_class) continue ;; esac
        CK_FORK=no CK_DEFAULT_TIMEOUT=0 timeout 300 valgrind -q --error-exitcode=9 --leak-check=no "$t"
        code=$?
        [ $code = 0 ] || { echo "exit status $code"; bad=1; }
    done
    return $bad
}

memory() {
    plain tests || return 1
    bad=0
    for t in $(programs "$build/plain/tests/oom"); do
        OOM_FULL=1 CK_DEFAULT_TIMEOUT=600 "$t" || bad=1
    done
    "$build/plain/tests/run_cases" --fail-allocations 40 tests/cases/*.case || bad=1
    "$build/plain/tests/run_cases" --fail-allocations 8 tests/cases/*.expr || bad=1
    return $bad
}

durable() { # all of what `make check` has a sample of; with the figures
    plain tests || return 1
    export CK_DEFAULT_TIMEOUT=3600
    KILL_SEEDS=5 "$build/plain/tests/flow/test_kill" && KILL_ROUNDS=200 "$build/plain/tests/flow/test_kill_points" &&
        TAMPER_ALL=1 "$build/plain/tests/flow/test_tampered" && CRASH_IMAGES=400 "$build/plain/tests/flow/test_crash_images" &&
        START_STOP_CYCLES=1000 "$build/plain/tests/flow/test_start_stop" &&
        EQUIVALENCE_SPLITS=10000 EQUIVALENCE_RESTARTS=10000 "$build/plain/tests/flow/test_equivalence" &&
        "$build/plain/tests/torture" "${KILLS:-10000}"
}

fuzz() { # HARNESS.c
    name=$(basename "$1" .c)
    corpus=$build/fuzz/corpus_$name
    mkdir -p "$corpus"
    make -s --no-print-directory -j2 CC=clang BUILD="$build/fuzz" CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address' \
        "$build/fuzz/libstreamq.a" $(for s in tests/support/*.c; do echo "$build/fuzz/${s%.c}.o"; done) || return 1
    # shellcheck disable=SC2046
    clang -std=c11 -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,address -Iinclude -Itests/support \
        $(for r in base os data expr state plan op io run api; do echo "-Ilib/$r"; done) \
        $(pkg-config --cflags libpcre2-8 libutf8proc) "$1" -o "$build/fuzz/$name" \
        $(for s in tests/support/*.c; do case $s in */test_main.c) ;; *) echo "$build/fuzz/${s%.c}.o" ;; esac; done) \
        "$build/fuzz/libstreamq.a" $(pkg-config --libs check) $(make -s --no-print-directory libs) || return 1
    seeds=tests/fuzz/corpus/${name#fuzz_}
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086
    "$build/fuzz/$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="$logs/" "$corpus" $seeds
}

arrow() {
    plain lib || return 1
    # shellcheck disable=SC2046
    cc -std=c11 -D_GNU_SOURCE -O1 -g -fPIC -shared -Iinclude $(for r in base os data; do echo "-Ilib/$r"; done) \
        tests/arrow/arrow_bridge.c -o "$build/arrow_bridge.so" -Wl,-Bsymbolic "$build/plain/libstreamq.a" \
        $(make -s --no-print-directory libs) || return 1
    if [ ! -x "$build/venv/bin/python" ]; then
        python3 -m venv "$build/venv" || return 1
    fi
    "$build/venv/bin/python" -c 'import pyarrow, nanoarrow' 2>/dev/null ||
        "$build/venv/bin/pip" install -q 'pyarrow>=15' 'nanoarrow>=0.5' || return 1
    "$build/venv/bin/python" tests/arrow/check_arrow.py "$build/arrow_bridge.so"
}

for p in $parts; do
    case $p in
    san)
        part sanitize-gcc sh tests/tools/sanitize.sh "$build" gcc
        part sanitize-clang sh tests/tools/sanitize.sh "$build" clang
        ;;
    threads)
        for compiler in ${COMPILERS:-gcc clang}; do
            part "threads-$compiler" threads "$compiler"
        done
        ;;
    portable) part portable portable ;;
    valgrind) part valgrind memcheck ;;
    memory) part memory memory ;;
    durable) part durable durable ;;
    fuzz)
        for h in tests/fuzz/fuzz_*.c; do
            [ -e "$h" ] && part "$(basename "$h" .c)" fuzz "$h"
        done
        ;;
    arrow) part arrow arrow ;;
    *) echo "check_full.sh: unknown part $p" >&2; exit 2 ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
