#!/bin/sh
# check_spark.sh BUILD: files written and read by this library and a real Spark 4.3 both ways, then the case files (all, or
# those named in CASES) on that Spark, installed with pip under BUILD.
# Needs Java 17 or later; `java-runtime-headless` is installed if there is none.
set -eu
build=$1
sh tests/tools/deps.sh full
if ! command -v java >/dev/null 2>&1; then
    echo "Java is missing; installing openjdk-17-jre-headless"
    [ "$(id -u)" = 0 ] || { echo "not root: sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi
venv=$build/spark
if [ ! -x "$venv/bin/python" ]; then
    echo "Installing pyspark 4.3.0 in $venv"
    mkdir -p "$build"
    python3 -m venv "$venv"
    "$venv/bin/pip" -q install pyspark==4.3.0
fi
export JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Files both ways; FILES= (empty) leaves this out.
if [ "${FILES-1}" ]; then
    make -s --no-print-directory -j2 BUILD="$build" lib
    # shellcheck disable=SC2046
    cc -std=c11 -Wall -Werror -Iinclude tests/tools/spark_files.c -o "$build/spark_files" "$build/libstreamq.a" \
        $(make -s --no-print-directory libs)
    "$venv/bin/python" tests/tools/check_spark_files.py "$build/spark_files" 2>"$build/spark_files.log" || {
        echo "Spark's own messages: $build/spark_files.log"
        exit 1
    }
fi
"$venv/bin/python" tests/cases/json/json_on_spark.py tests/cases/json/*.txt 2>"$build/spark_json.log" || {
    echo "Spark's own messages: $build/spark_json.log"
    exit 1
}
# shellcheck disable=SC2086
"$venv/bin/python" tests/cases/run_on_spark.py ${CASES:-tests/cases/*.case tests/cases/*.expr} 2>"$build/spark.log" || {
    echo "Spark's own messages: $build/spark.log"
    exit 1
}
[ -n "${CASES:-}" ] || "$venv/bin/python" tests/cases/csv_on_spark.py tests/cases/csv/*.txt 2>>"$build/spark.log"
