"""peer_spark: PySpark's word count for bench_peers: `peer_spark.py TEXT THREADS [PARTITIONS]`. Prints "ready NAME", then for each
line on its standard input runs once and prints "SECONDS DISTINCT TOTAL". PARTITIONS: spark.sql.shuffle.partitions, where not
the default. A streaming query over the text source, available-now,
complete mode, into the sink noop; the session is warm: two runs are done before it is ready."""
import os
import sys
import time

import pyspark
from pyspark.sql import SparkSession, functions as f

text, threads, partitions = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
folder = os.path.splitext(text)[0] + ".dir"  # the text source takes folders
os.makedirs(folder, exist_ok=True)
link = os.path.join(folder, "text.txt")
if not os.path.exists(link):
    os.link(text, link)
builder = (SparkSession.builder.master(f"local[{threads}]").appName("word count").config("spark.ui.enabled", "false")
           .config("spark.ui.showConsoleProgress", "false").config("spark.driver.memory", "4g"))
if partitions:
    builder = builder.config("spark.sql.shuffle.partitions", partitions[0])
spark = builder.getOrCreate()
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
print("ready PySpark", pyspark.__version__, f"local[{threads}], warm,", f"{partitions[0]} shuffle partitions" if partitions else "default settings",
      flush=True)
for _ in sys.stdin:
    print(run(), distinct, total, flush=True)
