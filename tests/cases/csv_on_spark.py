#!/usr/bin/env python3
"""Run the cases of CSV files (csv/*.txt; format: README.md beside this file) on a real Spark.

    csv_on_spark.py FILE...             compare Spark with what the files expect; exit 1 on any difference
    csv_on_spark.py --record FILE...    write Spark's answers into the files

Needs: pip install pyspark (4.3.0 was used), Java 17.
"""
import argparse
import glob
import os
import re
import shutil
import sys
import tempfile

from run_on_spark import show

ANSWERS = ("rows", "fails", "inferred", "written")


def parse(path):
    """The file's lines as a list: comments and blank lines as they are, cases as lists of [word, rest, body]."""
    items, case = [], None
    with open(path, encoding="utf-8") as f:
        for raw in f.read().split("\n"):
            line = raw.rstrip()
            if line.startswith("  ") and case:
                case[-1][2].append(line[2:])
            elif not line or line.startswith("#"):
                items.append(line)
            else:
                word, _, rest = line.partition(" ")
                if word == "case":
                    case = []
                    items.append(case)
                case.append([word, rest, []])
    return items


def unescape(text):
    """Bytes of an escaped text."""
    plain = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "s": " ", "0": "\0"}
    out, at = b"", 0
    for m in re.finditer(r"\\(x[0-9a-f]{2}|.)", text):
        out += text[at:m.start()].encode("utf-8")
        at = m.end()
        out += bytes([int(m.group(1)[1:], 16)]) if m.group(1)[0] == "x" else plain[m.group(1)].encode()
    return out + text[at:].encode("utf-8")


def escape(data):
    """The lines of a body for some bytes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "".join(chr(b) if b < 128 else "\\x%02x" % b for b in data.replace(b"\\", b"\\\\"))
        text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("\0", "\\0")
    else:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
        text = "".join("\\0" if c == "\0" else "\\x%02x" % ord(c) if ord(c) < 32 else c for c in text)
        text = text.replace("\ufeff", "\\xef\\xbb\\xbf")
    lines = re.sub(r"(\\n)(?=.)", r"\1\n", text).split("\n") if text else []
    return [re.sub("^#", "\\\\x23", re.sub("^ ", "\\\\s", re.sub(" $", "\\\\s", line))) for line in lines]


def cell(value):
    """One value of an expected row; control characters as escapes."""
    return re.sub(r"[\x00-\x1f\ufeff]", lambda m: "".join("\\x%02x" % b for b in m.group().encode()), show(value))


def conditions(error):
    """Every condition in the chain of causes; of what has none, the class."""
    names, java = [], getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    if java is None and hasattr(error, "getCondition") and error.getCondition():
        return [error.getCondition()]
    while java is not None:
        name = java.getClass().getName()
        try:
            condition = java.getCondition()
        except Exception:
            condition = None
        name = condition or name.rsplit(".", 1)[-1]
        if name not in names and name not in ("SparkException",):
            names.append(name)
        java = java.getCause()
    return names or [type(error).__name__]


def answer(spark, case, folder):
    """Blocks of answers for one case."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    schema, reader, puts, writes = None, spark.read, {}, False
    with open(os.path.join(folder, "in.csv"), "wb") as f:
        for word, rest, body in case:
            if word == "file":
                f.write(b"".join(unescape(line) for line in body))
    out = []
    for word, rest, body in case:
        name, _, value = rest.partition(" ")
        if word == "schema":
            schema = rest
        elif word == "option":
            reader = reader.option(name, unescape(value).decode("utf-8"))
        elif word == "put":
            writes = True
            if name:
                puts[name] = unescape(value).decode("utf-8")
    try:
        if schema:
            reader = reader.schema(schema)
        df = reader.csv(os.path.join(folder, "in.csv"))
        if not schema:
            out.append(["inferred", df._jdf.schema().toDDL(), []])
        if writes:
            df.coalesce(1).write.options(**puts).csv(os.path.join(folder, "out"))
            data = b"".join(open(p, "rb").read() for p in sorted(glob.glob(os.path.join(folder, "out", "part-*"))))
            out.append(["written", "", escape(data)])
        else:
            n = len(df.columns)
            named = df.toDF(*[f"c{i}" for i in range(n)])
            rows = named.selectExpr(*[f"CAST(c{i} AS STRING)" for i in range(n)]).collect()
            out.append(["rows", "", [" | ".join(cell(v) for v in row) for row in rows]])
    except Exception as error:
        out.append(["fails", " ".join(conditions(error)), []])
    return out


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--record", action="store_true")
    args.add_argument("--only")
    args.add_argument("file", nargs="+")
    args = args.parse_args()
    from pyspark.sql import SparkSession
    folder = tempfile.mkdtemp()
    spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
             .config("spark.sql.session.timeZone", "Europe/Berlin").config("spark.sql.warehouse.dir", folder)
             .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    different = count = 0
    for path in args.file:
        items = parse(path)
        for case in items:
            if isinstance(case, str):
                continue
            if args.only and args.only not in case[0][1]:
                continue
            count += 1
            got = answer(spark, case, os.path.join(folder, "case"))
            want = [b for b in case if b[0] in ANSWERS]
            if got == want:
                continue
            different += 1
            if args.record:
                case[:] = [b for b in case if b[0] not in ANSWERS and b[0] != "ours"] + got + \
                    [b for b in case if b[0] == "ours"]
            else:
                print(f"{path}: {case[0][1]}: expected {want}, Spark gives {got}")
        if args.record:
            with open(path, "w", encoding="utf-8") as f:
                text = []
                for item in items:
                    if isinstance(item, str):
                        text.append(item)
                        continue
                    for word, rest, body in item:
                        text.append((word + " " + rest).rstrip())
                        text += ["  " + line for line in body]
                f.write("\n".join(text).rstrip("\n") + "\n")
    spark.stop()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{count} cases, {different} {'changed' if args.record else 'different'}")
    return 1 if different and not args.record else 0


if __name__ == "__main__":
    sys.exit(main())
