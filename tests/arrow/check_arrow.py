"""check_arrow.py BRIDGE.so: the library's Arrow interfaces against pyarrow, and what it exports against nanoarrow.

Arrays of every type go from pyarrow through the library and back; what comes back is validated by pyarrow and compared
value by value. Slices, dictionaries, views, wide offsets, chunks and streams included. Needs pyarrow >= 15 and
nanoarrow >= 0.5.
"""

import ctypes
import datetime
import decimal
import random
import sys

import nanoarrow as na
import pyarrow as pa
from nanoarrow.c_array import allocate_c_array
from nanoarrow.c_schema import allocate_c_schema

bridge = ctypes.CDLL(sys.argv[1])
SCHEMA, ARRAY, STREAM = 72, 80, 40  # bytes of the three structs on LP64


class Refused(Exception):
    pass


def room(size):
    block = ctypes.create_string_buffer(size)
    return block, ctypes.addressof(block)


def round_trip_to(batch, want, oa, os_):
    (_a, a), (_s, s), (_w, w) = room(ARRAY), room(SCHEMA), room(SCHEMA)
    batch._export_to_c(a, s)
    if want is not None:
        want._export_to_c(w)
    message = ctypes.create_string_buffer(1000)
    f = bridge.arrow_bridge_round_trip
    f.argtypes = [ctypes.c_void_p] * 5 + [ctypes.c_char_p, ctypes.c_size_t]
    status = f(a, s, w if want is not None else None, oa, os_, message, len(message))
    if want is not None:
        pa.Schema._import_from_c(w)
    if status:
        raise Refused(message.value.decode())


def round_trip(batch, want=None):
    (_oa, oa), (_os, os_) = room(ARRAY), room(SCHEMA)
    round_trip_to(batch, want, oa, os_)
    out = pa.RecordBatch._import_from_c(oa, os_)
    out.validate(full=True)
    return out


def read_by_nanoarrow(batch):
    """The batch that comes back as nanoarrow reads it, an array of structs that it has validated."""
    schema = allocate_c_schema()
    array = allocate_c_array(schema)
    round_trip_to(batch, None, array._addr(), schema._addr())
    array.view()
    return na.Array(array)


def stream_of(batch, times):
    (_a, a), (_s, s) = room(ARRAY), room(SCHEMA)
    block, at = room(STREAM)
    batch._export_to_c(a, s)
    message = ctypes.create_string_buffer(1000)
    f = bridge.arrow_bridge_stream
    f.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    if f(a, s, times, at, message, len(message)):
        raise Refused(message.value.decode())
    return pa.RecordBatchReader._import_from_c(at)


checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"check_arrow: FAILED: {what}")


DAY = datetime.date(2024, 2, 29)
NOW = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
UTC = datetime.timezone.utc
SPAN = datetime.timedelta(days=-3, microseconds=7)
TEXTS = ["", "a", "zwölf Bytes", "exactly twelv", "a text of more than twelve bytes", "\0nul", None]
D = decimal.Decimal

# type in, values, type out (None: the same), values out (None: the same)
CASES = [
    (pa.null(), [None, None], None, None),
    (pa.bool_(), [True, False, None], None, None),
    (pa.int8(), [1, -128, 127, None], None, None),
    (pa.int16(), [1, -32768, None], None, None),
    (pa.int32(), [1, -(2**31), None], None, None),
    (pa.int64(), [1, -(2**63), 2**63 - 1, None], None, None),
    (pa.uint8(), [0, 255, None], pa.int16(), None),
    (pa.uint16(), [0, 65535, None], pa.int32(), None),
    (pa.uint32(), [0, 2**32 - 1, None], pa.int64(), None),
    (pa.uint64(), [0, 2**64 - 1, None], pa.decimal128(20, 0), [D(0), D(2**64 - 1), None]),
    (pa.float16(), [1.5, -0.0, 6e-8, 65504.0, float("inf"), None], pa.float32(),
     [1.5, -0.0, 2.0**-24, 65504.0, float("inf"), None]),
    (pa.float32(), [1.5, float("-inf"), None], None, None),
    (pa.float64(), [1e300, -0.0, None], None, None),
    (pa.decimal128(7, 2), [D("12345.67"), D("-0.01"), None], None, None),
    (pa.decimal128(38, 0), [D(10**38 - 1), D(-(10**38 - 1)), None], None, None),
    (pa.decimal256(38, 10), [D("-1.5"), D(10**27), None], pa.decimal128(38, 10), None),
    (pa.decimal32(9, 2), [D("-1.50"), None], pa.decimal128(9, 2), None),
    (pa.decimal64(18, 2), [D("9999999999999999.99"), None], pa.decimal128(18, 2), None),
    (pa.string(), TEXTS, None, None),
    (pa.large_string(), TEXTS, pa.string(), None),
    (pa.string_view(), TEXTS, pa.string(), None),
    (pa.binary(), [b"", b"\xff\x00", b"x" * 100, None], None, None),
    (pa.large_binary(), [b"", b"\xff\x00", b"x" * 100, None], pa.binary(), None),
    (pa.binary_view(), [b"", b"\xff\x00", b"x" * 100, None], pa.binary(), None),
    (pa.binary(5), [b"12345", None, b"abcde"], pa.binary(), None),
    (pa.binary(20), [b"1" * 20, None, b"2" * 20], pa.binary(), None),
    (pa.binary(0), [b"", None], pa.binary(), None),
    (pa.date32(), [DAY, datetime.date(1, 1, 1), None], None, None),
    (pa.date64(), [DAY, datetime.date(1969, 12, 31), None], pa.date32(), None),
    (pa.timestamp("us", "UTC"), [NOW.replace(tzinfo=UTC), None], None, None),
    (pa.timestamp("us"), [NOW, None], None, None),
    (pa.timestamp("s", "Europe/Berlin"), [NOW.replace(tzinfo=UTC, microsecond=0), None], pa.timestamp("us", "UTC"), None),
    (pa.timestamp("ms"), [NOW.replace(microsecond=999000), None], pa.timestamp("us"), None),
    (pa.timestamp("ns"), [-1, 1999, None], pa.timestamp("us"), [NOW, datetime.datetime(1970, 1, 1, 0, 0, 0, 1), None]),
    (pa.duration("us"), [SPAN, None], None, None),
    (pa.duration("s"), [datetime.timedelta(seconds=-5), None], pa.duration("us"), None),
    (pa.duration("ms"), [datetime.timedelta(milliseconds=-5), None], pa.duration("us"), None),
    (pa.duration("ns"), [-1500, None], pa.duration("us"), [datetime.timedelta(microseconds=-2), None]),
    (pa.month_day_nano_interval(), [pa.MonthDayNano([1, -2, 3000]), None], None, None),
    (pa.list_(pa.int32()), [[1, None], [], None, [2, 3, 4]], None, None),
    (pa.large_list(pa.string()), [["a", "a text of more than twelve bytes"], [], None], pa.list_(pa.string()), None),
    (pa.list_view(pa.int64()), [[1, 2], [], None, [3]], pa.list_(pa.int64()), None),
    (pa.large_list_view(pa.int64()), [[1, 2], [], None, [3]], pa.list_(pa.int64()), None),
    (pa.list_(pa.int32(), 2), [[1, None], None, [3, 4]], pa.list_(pa.int32()), None),
    (pa.list_(pa.list_(pa.bool_())), [[[True], None, []], None, [[False, None]]], None, None),
    (pa.struct([("a", pa.int32()), ("b", pa.string())]), [{"a": 1, "b": None}, None, {"a": None, "b": "x"}], None, None),
    (pa.struct([("a", pa.struct([("b", pa.list_(pa.float64()))]))]), [{"a": None}, {"a": {"b": [1.5]}}, None], None, None),
    (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("b", None)], [], None], None, None),
    (pa.map_(pa.int32(), pa.list_(pa.string())), [[(1, ["x", None])], None, [(2, None), (3, [])]], None, None),
    (pa.dictionary(pa.int8(), pa.string()), ["x", "a text of more than twelve bytes", None, "x"], pa.string(), None),
    (pa.dictionary(pa.uint16(), pa.int64()), [5, None, 7, 5], pa.int64(), None),
    (pa.list_(pa.dictionary(pa.int32(), pa.string())), [["x", None], ["y", "x"], None], pa.list_(pa.string()), None),
]



def by_nanoarrow(kind):
    """Types that nanoarrow turns into the Python values that pyarrow gives."""
    if pa.types.is_list(kind):
        return by_nanoarrow(kind.value_type)
    if pa.types.is_struct(kind):
        return all(by_nanoarrow(field.type) for field in kind)
    t = pa.types
    return any(p(kind) for p in (t.is_boolean, t.is_integer, t.is_floating, t.is_string, t.is_binary, t.is_date))


def make(kind, values):
    if pa.types.is_float16(kind):
        return pa.array(values, pa.float32()).cast(pa.float16())
    if kind == pa.list_(pa.dictionary(pa.int32(), pa.string())):
        flat = pa.array([v for row in values if row for v in row]).dictionary_encode()
        offsets, at = [], 0
        for row in values:
            offsets.append(None if row is None else at)
            at += len(row or [])
        return pa.ListArray.from_arrays(pa.array(offsets + [at], pa.int32()), flat)
    return pa.array(values, kind)


for kind, values, kind_out, values_out in CASES:
    column = make(kind, values * 40)
    wanted = pa.array((values_out if values_out is not None else values) * 40, kind_out or kind)
    for start, length in [(0, len(column)), (1, len(column) - 1), (9, 70), (len(column), 0), (63, 3)]:
        part, expected = column.slice(start, length), wanted.slice(start, length)
        out = round_trip(pa.record_batch([part, part], ["x", "y"]))
        check(out.schema.names == ["x", "y"], f"{kind}: names {out.schema.names}")
        for back in out.columns:
            check(back.type == expected.type, f"{kind}: came back as {back.type}, not {expected.type}")
            check(back.to_pylist() == expected.to_pylist(), f"{kind} [{start}:+{length}]: {back} is not {expected}")
            check(back.null_count == expected.null_count, f"{kind}: null count")
    back = read_by_nanoarrow(pa.record_batch([column], ["x"]))
    check(len(back) == len(wanted), f"{kind}: length for nanoarrow")
    if by_nanoarrow(wanted.type):
        got = [row["x"] for row in back.to_pylist()]
        check(got == wanted.to_pylist(), f"{kind}: nanoarrow reads {got[:4]}")
    whole = pa.record_batch([column], ["x"])
    sliced = whole.slice(5, 20)
    check(round_trip(sliced).column(0).to_pylist() == wanted.slice(5, 20).to_pylist(), f"{kind}: slice of a batch")

# Columns by name and place, and steps that lose nothing.
batch = pa.record_batch([pa.array([1, None], pa.int8()), pa.array(["a", "b"])], ["n", "t"])
want = pa.schema([("T", pa.binary()), ("N", pa.decimal128(10, 2))])
out = round_trip(batch, want)
check(out.schema.names == ["T", "N"], "names are the declared ones")
check(out.to_pylist() == [{"T": b"a", "N": D("1.00")}, {"T": b"b", "N": None}], f"widened: {out.to_pylist()}")
out = round_trip(pa.record_batch([pa.array([None], pa.null())], [""]), pa.schema([("x", pa.list_(pa.int32()))]))
check(out.to_pylist() == [{"x": None}], "null type as an array")


def refused(batch, want, word):
    try:
        round_trip(batch, want)
    except Refused as e:
        check(word in str(e), f"{word} is not in {e}")
        return
    check(False, f"{batch.schema} was accepted, not refused with {word}")


refused(batch, pa.schema([("t", pa.string())]), "COLUMN_NOT_FOUND")
refused(batch, pa.schema([("t", pa.string()), ("n", pa.int8()), ("z", pa.int8())]), "COLUMN_NOT_FOUND")
refused(batch, pa.schema([("t", pa.int64()), ("n", pa.int8())]), "INCOMPATIBLE_COLUMN_TYPE")
refused(pa.record_batch([pa.array([1], pa.time64("us"))], ["x"]), None, "UNSUPPORTED_ARROWTYPE")
refused(pa.record_batch([pa.array([2**62], pa.timestamp("s"))], ["x"]), None, "CAST_OVERFLOW")
refused(pa.record_batch([pa.array([D(10**40)], pa.decimal256(42, 0))], ["x"]), None, "UNSUPPORTED_ARROWTYPE")
refused(pa.record_batch([pa.array([1, None])], ["x"]), pa.schema([pa.field("x", pa.int64(), nullable=False)]), "NOT NULL")
refused(pa.record_batch([pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])])], ["x"]), None,
        "UNSUPPORTED_ARROWTYPE")

# Streams: all chunks, the schema as often as asked for, and readers that stop early.
rng = random.Random(1)
words = [rng.choice([None, "word", "a rather longer word %d" % i]) for i in range(150000)]
big = pa.record_batch([pa.array(words), pa.array(range(150000))], ["w", "n"])
reader = stream_of(big, 2)
table = reader.read_all()
check(table.num_rows == 300000, "rows of a stream")
check(table.column("w").to_pylist() == words * 2, "values of a stream")
check(reader.schema.names == ["w", "n"], "schema after the end")
reader = stream_of(big, 1)
first = reader.read_next_batch()
del reader
check(first.column(1).to_pylist() == list(range(first.num_rows)), "a chunk outlives its stream")
check(stream_of(big.slice(0, 0), 1).read_all().num_rows == 0, "an empty stream")

# Children may outlive their parent.
child = round_trip(big).column(0)
check(child.to_pylist() == words, "a column outlives its batch")

print(f"check_arrow: {checks} checks passed, pyarrow {pa.__version__}, nanoarrow {na.__version__}")
