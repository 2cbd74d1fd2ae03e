"""check_spark_files.py SPARK_FILES: files in both directions between this library (the program tests/tools/spark_files)
and a real Spark: what one wrote, the other reads. Batch writes and file sinks with their logs (_spark_metadata), partition
folders, compression. Prints what differs; exit 1 if anything does."""

import os
import subprocess
import sys
import tempfile
import time

from pyspark.sql import SparkSession

PROGRAM = sys.argv[1]
HOME = tempfile.mkdtemp(prefix="streamq-spark-files-")
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
failures = 0
checks = 0


def streamq(*args):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{args}: {done.stderr.strip()}")
    return sorted(done.stdout.splitlines())


def lines(df):
    """The rows of a Spark result as spark_files prints them."""
    casts = [f"coalesce(cast(`{c}` AS string), 'NULL')" for c in df.columns]
    return sorted(r[0] for r in df.selectExpr(f"concat_ws('|', {', '.join(casts)})").collect())


def check(name, ours, sparks):
    """Both are functions that give sorted lines, or raise."""
    global failures, checks
    checks += 1
    try:
        a, b = ours(), sparks()
    except Exception as e:  # noqa: BLE001: any failure is one of the check
        failures += 1
        print(f"{name}: {str(e)[:500]}")
        return
    if a != b or not a:
        failures += 1
        print(f"{name}: {len(a)} and {len(b)} rows; first that differ: " + str([p for p in zip(a, b) if p[0] != p[1]][:3]))


def place(name):
    return os.path.join(HOME, name)


# Values that formats trip over: quotes, separators, line ends, spaces, nulls, empty text, characters of four bytes.
ODD = """SELECT id, CASE id WHEN 0 THEN 'plain' WHEN 1 THEN 'a "quoted" one' WHEN 2 THEN 'with, comma' WHEN 3 THEN NULL
    WHEN 4 THEN '' WHEN 5 THEN '  spaces  ' WHEN 6 THEN 'é😀' WHEN 7 THEN 'back\\\\slash' ELSE concat('row ', id) END AS s,
    CAST(id AS DOUBLE) / 4 AS d, CAST(CAST(id * 86400 AS TIMESTAMP) AS TIMESTAMP) AS t, id % 2 = 0 AS b,
    DATE '2024-01-31' AS day, CAST(id AS DECIMAL(10, 2)) AS m FROM range(20)"""
SCHEMA = "id BIGINT, s STRING, d DOUBLE, t TIMESTAMP, b BOOLEAN, day DATE, m DECIMAL(10, 2)"
NESTED = """SELECT id, named_struct('a', id, 'b', array(id, NULL)) AS st, map('k', id) AS mp FROM range(5)"""
NESTED_SCHEMA = "id BIGINT, st STRUCT<a: BIGINT, b: ARRAY<BIGINT>>, mp MAP<STRING, BIGINT>"
PARTS = """SELECT id, CASE id % 6 WHEN 0 THEN 'a/b:c=%' WHEN 1 THEN NULL WHEN 2 THEN '' WHEN 3 THEN 'é 😀' WHEN 4 THEN '{x}'
    ELSE 'plain' END AS k, CAST(id % 2 AS INT) AS n FROM range(24)"""
MORE = "SELECT id, concat('w', id % 3) AS k, CAST(id AS STRING) AS s FROM input"


def we_write():
    for fmt, options in [("csv", []), ("csv", ["header=true"]), ("json", []), ("csv", ["compression=gzip"]), ("json", ["compression=gzip"])]:
        name = fmt + "".join(options).replace("=", "-")
        out = place("ours-" + name)
        read = [o for o in options if o.startswith("header")]
        streamq("save", fmt, out, "error", "-", ODD, *options)
        reader = spark.read.schema(SCHEMA)
        for o in read:
            reader = reader.option(*o.split("="))
        check(
            f"Spark reads our {name}",
            lambda: streamq("read", fmt, out, SCHEMA, "SELECT * FROM input", *read),
            lambda: lines(reader.format(fmt).load(out)),
        )
        if fmt == "json":
            check(f"our {name} holds what was asked for", lambda: lines(reader.format(fmt).load(out)), lambda: lines(spark.sql(ODD)))
    streamq("save", "json", place("ours-nested"), "error", "-", NESTED)
    check(
        "Spark reads our nested values",
        lambda: lines(spark.sql(NESTED)),
        lambda: lines(spark.read.schema(NESTED_SCHEMA).json(place("ours-nested"))),
    )
    streamq("save", "text", place("ours-text"), "error", "-", "SELECT concat('line ', id) AS v FROM range(9)")
    check("Spark reads our text", lambda: lines(spark.sql("SELECT concat('line ', id) FROM range(9)")), lambda: lines(spark.read.text(place("ours-text"))))
    for fmt in ["csv", "json"]:
        out = place("ours-parts-" + fmt)
        streamq("save", fmt, out, "error", "k, n", PARTS, "maxRecordsPerFile=2")
        want = spark.sql(PARTS).selectExpr("id", "CASE WHEN k = '' THEN NULL ELSE k END AS k", "n")
        check(f"Spark reads our partitions ({fmt})", lambda: lines(want), lambda: lines(spark.read.schema("id BIGINT").format(fmt).load(out).select("id", "k", "n")))
    for mode in ["append", "overwrite"]:
        streamq("save", "text", place("ours-text"), mode, "-", "SELECT concat('again ', id) AS v FROM range(3)")
        count = 12 if mode == "append" else 3
        check(f"Spark reads after our {mode}", lambda: [str(spark.read.text(place("ours-text")).count())], lambda: [str(count)])


def we_stream():
    for fmt, columns, options in [("csv", "-", []), ("json", "k", []), ("csv", "k", ["compression=gzip"])]:
        out = place(f"our-sink-{fmt}-{columns}")
        streamq("stream", fmt, out, columns, "25", MORE, *options)
        check("our log is compacted", lambda: sorted(f for f in os.listdir(out + "/_spark_metadata") if f.endswith("compact")), lambda: ["19.compact", "9.compact"])
        with open(os.path.join(out, "part-00000-orphan-c000." + fmt), "w") as f:
            f.write("77,broken,off\n" if fmt == "csv" else '{"id":77}\n')
        inside = "id BIGINT, k STRING, s STRING" if columns == "-" else "id BIGINT, s STRING"
        want = spark.sql("SELECT id, concat('w', id % 3) AS k, CAST(id AS STRING) AS s FROM range(100)")
        check(f"Spark reads our sink's {fmt} by its log", lambda: lines(want), lambda: lines(spark.read.schema(inside).format(fmt).load(out).select("id", "k", "s")))
        go_on(fmt, out, columns)
        want = want.union(spark.sql("SELECT id, concat('w', id % 3) AS k, CAST(id AS STRING) AS s FROM range(100, 128)"))
        check(f"Spark goes on with our log ({fmt})", lambda: lines(want), lambda: lines(spark.read.schema(inside).format(fmt).load(out).select("id", "k", "s")))
        check(f"we read what both wrote ({fmt})", lambda: streamq("read", fmt, out, inside, "SELECT id, k, s FROM input"), lambda: lines(want))


def run(df, fmt, out, columns, batches, **options):
    writer = df.writeStream.format(fmt).option("path", out).option("checkpointLocation", out + ".spark-checkpoint")
    for name, value in options.items():
        writer = writer.option(name, value)
    if columns != "-":
        writer = writer.partitionBy(*columns.split(", "))
    query = writer.start()
    deadline = time.time() + 300
    while query.isActive and time.time() < deadline and (query.lastProgress is None or query.lastProgress["batchId"] < batches):
        time.sleep(0.05)
    query.stop()
    if query.exception():
        raise query.exception()


def numbers():
    """Four rows a batch, as spark_files gives: ids 0 to 3, 4 to 7, ..."""
    source = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 4).load()
    return source.selectExpr("value AS id", "concat('w', value % 3) AS k", "CAST(value AS STRING) AS s")


def go_on(fmt, out, columns):
    """Batches 0 to 24 are in our log and are skipped; 25 to 31 follow, with a compaction at 29."""
    run(numbers(), fmt, out, columns, 31)
    drop_beyond(out, 31)


def drop_beyond(out, last):
    """Spark may have begun one batch more before it was stopped."""
    folder = out + "/_spark_metadata"
    for name in os.listdir(folder):
        number = name.split(".")[0]
        if number.isdigit() and int(number) > last:
            os.remove(os.path.join(folder, name))


def spark_writes():
    for fmt, options in [("csv", {}), ("csv", {"header": "true"}), ("json", {}), ("csv", {"compression": "gzip"}), ("json", {"compression": "gzip"})]:
        name = fmt + "".join(f"-{k}-{v}" for k, v in options.items())
        out = place("sparks-" + name)
        spark.sql(ODD).write.format(fmt).options(**options).save(out)
        read = ["header=true"] if "header" in options else []
        reader = spark.read.schema(SCHEMA)
        for o in read:
            reader = reader.option(*o.split("="))
        check(f"we read Spark's {name}", lambda: streamq("read", fmt, out, SCHEMA, "SELECT * FROM input", *read), lambda: lines(reader.format(fmt).load(out)))
    spark.sql("SELECT concat('line ', id) FROM range(9)").write.text(place("sparks-text"))
    check("we read Spark's text", lambda: streamq("read", "text", place("sparks-text"), "-", "SELECT * FROM input"), lambda: lines(spark.read.text(place("sparks-text"))))
    for fmt in ["csv", "json"]:
        out = place("sparks-parts-" + fmt)
        spark.sql(PARTS).write.partitionBy("k", "n").format(fmt).save(out)
        check(f"we read Spark's partitions ({fmt})", lambda: streamq("read", fmt, out, "id BIGINT", "SELECT id, k, n FROM input"), lambda: lines(spark.read.schema("id BIGINT").format(fmt).load(out).select("id", "k", "n")))


def spark_streams():
    for fmt, columns, options in [("csv", "-", {}), ("json", "k", {}), ("csv", "k", {"compression": "gzip"})]:
        out = place(f"sparks-sink-{fmt}-{columns}")
        run(numbers(), fmt, out, columns, 12, **options)
        drop_beyond(out, 12)
        with open(os.path.join(out, "part-00000-orphan-c000." + fmt), "w") as f:
            f.write("77,broken,off\n" if fmt == "csv" else '{"id":77}\n')
        inside = "id BIGINT, k STRING, s STRING" if columns == "-" else "id BIGINT, s STRING"
        want = lambda: lines(spark.read.schema(inside).format(fmt).load(out).select("id", "k", "s"))
        check(f"we read the {fmt} of Spark's sink by its log", lambda: streamq("read", fmt, out, inside, "SELECT id, k, s FROM input"), want)
        check(f"we follow the {fmt} of Spark's sink by its log", lambda: streamq("tail", fmt, out, inside, "SELECT id, k, s FROM input"), want)


for part in [we_write, we_stream, spark_writes, spark_streams]:
    try:
        part()
    except Exception as e:  # noqa: BLE001
        failures += 1
        print(f"{part.__name__}: {str(e)[:800]}")
spark.stop()
if failures:
    print(f"the files are in {HOME}")
else:
    subprocess.run(["rm", "-r", HOME], check=True)
print(f"files to and from Spark: {checks - failures} of {checks} checks passed")
sys.exit(1 if failures else 0)
