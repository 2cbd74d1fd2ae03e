#!/bin/sh
# bench_peers.sh BUILD: DuckDB and PySpark in a Python environment of their own, BUILD/peers, and a Java for Spark where there is none.
set -eu
build=$1
sh tests/tools/deps.sh peers
[ -x "$build/peers/bin/python" ] || python3 -m venv "$build/peers"
"$build/peers/bin/python" -c 'import duckdb, pyspark' 2>/dev/null || {
    echo "Installing duckdb and pyspark 4.3.0 in $build/peers"
    "$build/peers/bin/pip" -q install duckdb pyspark==4.3.0
}
