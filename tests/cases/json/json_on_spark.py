#!/usr/bin/env python3
"""Run the JSON case files (format: README.md beside this file) on a real Spark.

    json_on_spark.py FILE...             compare Spark with what the files expect; exit 1 on any difference
    json_on_spark.py --record FILE...    write Spark's answers into the files
"""
import argparse
import glob
import os
import re
import shutil
import sys
import tempfile

ANSWERS = ("out", "fails", "infers", "wrote")     # `ours` stays: where streamq differs on purpose


def unescape(text):
    """The bytes that a line of a case file means."""
    out, i = bytearray(), 0
    simple = {"n": b"\n", "r": b"\r", "t": b"\t", "s": b" ", "p": b"|", "\\": b"\\", "0": b"\0"}
    while i < len(text):
        if text[i] != "\\":
            out += text[i].encode()
            i += 1
        elif text[i + 1] == "x":
            out.append(int(text[i + 2:i + 4], 16))
            i += 4
        elif text[i + 1] == "*":                     # \*3(ab): ababab
            m = re.compile(r"(\d+)\((.*?)\)").match(text, i + 2)
            out += int(m[1]) * unescape(m[2])
            i = m.end()
        else:
            out += simple[text[i + 1]]
            i += 2
    return bytes(out)


def escape(data):
    text = data.replace("\\", "\\\\").replace("|", "\\p").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    text = "".join(f"\\x{ord(c):02x}" if ord(c) < 32 or ord(c) == 127 else c for c in text)
    text = re.sub(r"([^\\()*0-9])\1{39,}", lambda m: f"\\*{len(m[0])}({m[1]})", text)
    text = re.sub(r"([0-9])\1{39,}", lambda m: f"\\*{len(m[0])}({m[1]})", text)
    if text.startswith(" "):
        text = "\\s" + text[1:]
    return text[:-1] + "\\s" if text.endswith(" ") else text


def cell(value):
    if value is None:
        return "NULL"
    return escape(value) or "''"


def condition_of(error):
    """Spark's innermost error condition, or the exception's class name."""
    found = re.findall(r"\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]", str(error))
    found = [f for f in found if not f.startswith("FAILED_READ_FILE")] or found
    if found:
        return found[0]
    m = re.search(r"([A-Za-z]+(?:Exception|Error))", str(error))
    return m.group(1) if m else type(error).__name__


class Runner:
    def __init__(self):
        from pyspark.sql import SparkSession
        self.root = tempfile.mkdtemp(prefix="spark-json-")
        self.spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
                      .config("spark.sql.session.timeZone", "UTC")
                      .config("spark.sql.warehouse.dir", self.root + "/warehouse")
                      .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC").getOrCreate())
        self.spark.sparkContext.setLogLevel("OFF")
        self.count = 0

    def run(self, lines):
        """The answer lines of one case."""
        from pyspark.sql.functions import col, hex as hex_of
        self.count += 1
        path = f"{self.root}/{self.count}.json"
        reader, schema, data, write, woptions = self.spark.read, None, b"", False, {}
        for line in lines:
            word, _, rest = line.partition(" ")
            if word == "schema":
                schema = rest
            elif word == "option":
                key, _, value = rest.partition(" ")
                reader = reader.option(key, unescape(value).decode())
            elif word == "in":
                data += unescape(rest)
            elif word == "write":
                write = True
                key, _, value = rest.partition(" ")
                if key:
                    woptions[key] = unescape(value).decode()
        with open(path, "wb") as f:
            f.write(data)
        answers = []
        try:
            df = (reader.schema(schema) if schema else reader).json(path)
            if not schema:
                answers.append("infers " + escape(df.schema.simpleString()[len("struct<"):-1]))
            if write:
                df.coalesce(1).write.options(**woptions).json(path + ".out")
                for part in sorted(glob.glob(path + ".out/part-*.json")):
                    with open(part, "rb") as f:
                        text = f.read()
                    enc = woptions.get("encoding", "UTF-8")
                    if enc.upper() != "UTF-8":
                        answers.append("wrote " + "".join(f"\\x{b:02x}" for b in text))
                        continue
                    for one in text.decode().split("\n")[:-1] or [text.decode()]:
                        answers.append(("wrote " + escape(one)).rstrip())
            else:
                names = [f"c{i}" for i in range(len(df.columns))]
                shown = [(hex_of(col(n)) if t == "binary" else col(n).cast("string")).alias(n)
                         for n, (_, t) in zip(names, df.dtypes)]
                for row in df.toDF(*names).cache().select(*shown).collect():
                    answers.append("out " + " | ".join(cell(v) for v in row))
        except Exception as e:                                   # whatever Spark throws is its answer
            if os.environ.get("SHOW"):
                print(lines[0], str(e)[:1500])
            answers.append("fails " + condition_of(e))
        self.spark.catalog.clearCache()
        return answers


    def suite(self, path, record):
        """A file of texts with signs: the lines as Spark would have them."""
        with open(path, encoding="utf-8") as f:
            lines = f.read().split("\n")[:-1]
        asked = [x for x in lines if not x.startswith("#")]
        file = self.root + "/suite.json"
        with open(file, "wb") as f:
            f.write(b"|end|".join(b'{"v":' + unescape(x[4:]) + b"}" for x in asked))
        df = (self.spark.read.schema("v STRING, _corrupt_record STRING").option("lineSep", "|end|").json(file).cache())
        signs = ["+" if r[1] is None else "-" for r in df.collect()]
        assert len(signs) == len(asked)
        new = [x for x in lines if x.startswith("#")] + [x[:2] + s + x[3:] for x, s in zip(asked, signs)]
        self.count += len(asked)
        bad = [f"{path}: Spark says {b[2]}: {b[4:]}" for a, b in zip(lines, new) if a != b]
        if record:
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n".join(new) + "\n")
            return 0
        print("\n".join(bad), end="\n" if bad else "")
        return len(bad)


def cases_of(path):
    """Blocks of lines; a block that begins with `case` is a case."""
    with open(path, encoding="utf-8") as f:
        blocks, block = [], []
        for line in f.read().split("\n")[:-1]:
            if line.startswith("case ") or (not line and block and block[0].startswith("case ")):
                blocks.append(block)
                block = []
            block.append(line)
        return [b for b in blocks + [block] if b]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--record", action="store_true")
    args.add_argument("--only", default="")
    args.add_argument("files", nargs="+")
    args = args.parse_args()
    runner, bad = Runner(), 0
    for path in args.files:
        if os.path.basename(path) == "suite.txt":
            bad += runner.suite(path, args.record)
            continue
        blocks, out = cases_of(path), []
        for block in blocks:
            if block[0].startswith("case ") and args.only in block[0]:
                asked = [x for x in block if x.split(" ")[0] not in ANSWERS]
                if os.environ.get("SHOW"):
                    print(block[0], flush=True)
                answers = runner.run(asked)
                have = [x for x in block if x.split(" ")[0] in ANSWERS]
                if not args.record and answers != have:
                    bad += 1
                    print(f"{path}: {block[0]}\n  expected\n    " + "\n    ".join(have) +
                          "\n  Spark says\n    " + "\n    ".join(answers))
                block = asked + answers
            out += block
        if args.record:
            with open(path, "w", encoding="utf-8") as f:
                f.write("\n".join(out) + "\n")
    print(f"json: {runner.count} cases, {bad} differ")
    runner.spark.stop()
    shutil.rmtree(runner.root, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
