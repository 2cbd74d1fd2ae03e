"""The word count through ctypes: no compiler, no glue. Run: python3 word_count.py path/to/libstreamq.so"""
import ctypes
import sys

lib = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libstreamq.so.0")
pointer, text, i32, i64 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_int64


def declare(name, result, *arguments):
    function = getattr(lib, "streamq_" + name)
    function.restype, function.argtypes = result, arguments
    return function


session_new, session_free = declare("session_new", pointer, pointer), declare("session_free", None, pointer)
plan_new, plan_free = declare("plan_new", pointer, pointer), declare("plan_free", None, pointer)
feed_new, feed_free = declare("feed_new", pointer, pointer, text, pointer), declare("feed_free", None, pointer)
feed_push_lines = declare("feed_push_lines", i32, pointer, text, i64, pointer)
read_stream = declare("read_stream", pointer, pointer, text)
reader_feed, reader_load = declare("reader_feed", None, pointer, pointer), declare("reader_load", pointer, pointer)
stream_alias, sql = declare("stream_alias", pointer, pointer, text), declare("sql", pointer, pointer, text)
write_stream = declare("write_stream", pointer, pointer, text)
output_mode = declare("writer_output_mode", None, pointer, i32)
writer_open = declare("writer_open", pointer, pointer, pointer)
step, next_batch = declare("query_step", i32, pointer, pointer, pointer), declare("query_next_batch", pointer, pointer, pointer)
show = declare("batch_show", pointer, pointer, i64, i32)
batch_free, string_free = declare("batch_free", None, pointer), declare("string_free", None, pointer)
message = declare("error_message", text, pointer)
error = pointer()


def check(good):
    if not good:
        raise SystemExit(message(error).decode())


session = session_new(None)
plan = plan_new(session)
feed = feed_new(session, b"value STRING", ctypes.byref(error))
reader_feed(reader := read_stream(plan, b"memory"), feed)
stream_alias(reader_load(reader), b"lines")
counts = sql(plan, b"SELECT word, count(*) AS count FROM lines LATERAL VIEW explode(split(value, ' ')) t AS word "
                   b"GROUP BY word ORDER BY count DESC, word")
writer = write_stream(counts, b"pull")
output_mode(writer, 2)
query = writer_open(writer, ctypes.byref(error))
check(query)
for lines in (b"apache spark\napache hadoop", b"spark spark"):
    check(feed_push_lines(feed, lines, len(lines), ctypes.byref(error)) == 0)
    check(step(query, None, ctypes.byref(error)) == 0)
    batch = next_batch(query, None)
    table = show(batch, 20, 20)
    print(ctypes.cast(table, text).value.decode())
    string_free(table)
    batch_free(batch)
plan_free(plan)
feed_free(feed)
session_free(session)
