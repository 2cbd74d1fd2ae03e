"""peer_duckdb: DuckDB's word count for bench_peers: `peer_duckdb.py TEXT THREADS`. Prints "ready NAME", then for each line
on its standard input runs once and prints "SECONDS DISTINCT TOTAL". The result is a table in DuckDB, in order: nothing of it
is turned into Python's objects within the time."""
import sys
import time

import duckdb

text, threads = sys.argv[1], int(sys.argv[2])
db = duckdb.connect(config={"threads": threads})
print("ready DuckDB", duckdb.__version__, flush=True)
for _ in sys.stdin:
    begin = time.monotonic()
    db.execute(f"""CREATE OR REPLACE TEMP TABLE result AS
        SELECT word, count(*) AS n FROM (
            SELECT unnest(string_split(value, ' ')) AS word
            FROM read_csv('{text}', columns = {{'value': 'VARCHAR'}}, header = false, auto_detect = false,
                          delim = '\x01', quote = '', escape = ''))
        GROUP BY word ORDER BY n DESC""")
    took = time.monotonic() - begin
    print(took, *db.execute("SELECT count(*), sum(n) FROM result").fetchone(), flush=True)
