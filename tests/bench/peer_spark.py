"""peer_spark: PySpark's word count for bench_peers: `peer_spark.py TEXT THREADS`. Prints "ready NAME", then for each line on
its standard input runs once and prints "SECONDS DISTINCT TOTAL". A streaming query over the text source, available-now,
complete mode, into the sink noop; the session is warm: two runs are done before it is ready."""
import os
import sys
import time

import pyspark
from pyspark.sql import SparkSession, functions as f

text, threads = sys.argv[1], int(sys.argv[2])
folder = os.path.splitext(text)[0] + ".dir"  # the text source takes folders
os.makedirs(folder, exist_ok=True)
link = os.path.join(folder, "text.txt")
if not os.path.exists(link):
    os.link(text, link)
spark = (SparkSession.builder.master(f"local[{threads}]").appName("word count").config("spark.ui.enabled", "false")
         .config("spark.sql.shuffle.partitions", str(threads)).config("spark.driver.memory", "4g").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")


def words(lines):
    return lines.select(f.explode(f.split("value", " ")).alias("word")).groupBy("word").count()


def run():
    counts = words(spark.readStream.text(folder)).sort(f.desc("count"))
    begin = time.monotonic()
    query = counts.writeStream.outputMode("complete").format("noop").trigger(availableNow=True).start()
    query.awaitTermination()
    return time.monotonic() - begin


warm = [run(), run()]
distinct, total = words(spark.read.text(folder)).agg(f.count("*"), f.sum("count")).first()
print("ready PySpark", pyspark.__version__, f"local[{threads}], warm", flush=True)
for _ in sys.stdin:
    print(run(), distinct, total, flush=True)
