#!/bin/sh
# bench_peers.sh BUILD: DuckDB and PySpark in a Python environment of their own, BUILD/peers, and a Java for Spark.
set -eu
build=$1
sh tests/tools/deps.sh full
if ! command -v java >/dev/null 2>&1; then
    echo "Java is missing; installing openjdk-17-jre-headless"
    [ "$(id -u)" = 0 ] || { echo "not root: sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi
[ -x "$build/peers/bin/python" ] || python3 -m venv "$build/peers"
"$build/peers/bin/python" -c 'import duckdb, pyspark' 2>/dev/null || {
    echo "Installing duckdb and pyspark 4.3.0 in $build/peers"
    "$build/peers/bin/pip" -q install duckdb pyspark==4.3.0
}
