/* Casts to text: answers of Spark. */
#include "expr_check.h"

START_TEST(to_strings)
{
    static const expr_row rows[] = {
        {"CAST(true AS STRING)", "string | true"},
        {"CAST(-5Y AS STRING)", "string | -5"},
        {"CAST(1.0D AS STRING)", "string | 1.0"},
        {"CAST(CAST(1.1 AS FLOAT) AS STRING)", "string | 1.1"},
        {"CAST(CAST('-Infinity' AS FLOAT) AS STRING)", "string | -Infinity"},
        {"CAST(X'616263' AS STRING)", "string | abc"},
        {"CAST(X'E282AC' AS STRING)", "string | \xE2\x82\xAC"},
        {"CAST(INTERVAL '1' DAY AS STRING)", "string | INTERVAL '1' DAY"},
        {"CAST(make_interval(1, 2, 3, 4, 5, 6, 7.5) AS STRING)",
         "string | 1 years 2 months 25 days 5 hours 6 minutes 7.5 seconds"},
        {"CAST(array(1, NULL, 3) AS STRING)", "string | [1, null, 3]"},
        {"CAST(array() AS STRING)", "string | []"},
        {"CAST(array('a', NULL, '') AS STRING)", "string | [a, null, ]"},
        {"CAST(array('a, b', '[c]') AS STRING)", "string | [a, b, [c]]"},
        {"CAST(array(array(1), array(), NULL) AS STRING)", "string | [[1], [], null]"},
        {"CAST(array(1.5D, 1e10D) AS STRING)", "string | [1.5, 1.0E10]"},
        {"CAST(array(DATE '2024-01-01', NULL) AS STRING)", "string | [2024-01-01, null]"},
        {"CAST(array(TIMESTAMP '2024-01-01 00:00:00.5') AS STRING)", "string | [2024-01-01 00:00:00.5]"},
        {"CAST(array(X'6162') AS STRING)", "string | [ab]"},
        {"CAST(map('a', 1, 'b', NULL) AS STRING)", "string | {a -> 1, b -> null}"},
        {"CAST(map() AS STRING)", "string | {}"},
        {"CAST(map(1, array(true, NULL)) AS STRING)", "string | {1 -> [true, null]}"},
        {"CAST(map(struct(1, 2), 'x') AS STRING)", "string | {{1, 2} -> x}"},
        {"CAST(struct(1, 'a', NULL) AS STRING)", "string | {1, a, null}"},
        {"CAST(named_struct('x', 1.50, 'y', struct(true)) AS STRING)", "string | {1.50, {true}}"},
        {"CAST(struct(NULL) AS STRING)", "string | {null}"},
        {"CAST(array(struct(1, 'a'), struct(NULL, 'b'), NULL) AS STRING)", "string | [{1, a}, {null, b}, null]"},
        {"CAST(struct(map('k', array(1)), INTERVAL '1' DAY) AS STRING)", "string | {{k -> [1]}, INTERVAL '1' DAY}"},
        {"CAST(NULL AS STRING)", "string | NULL"},
        {"CAST(CAST(NULL AS ARRAY<INT>) AS STRING)", "string | NULL"},
        {"CAST(12.30 AS VARCHAR(3))", "string | 12.30"},
        {"CAST('abc' AS CHAR(2))", "string | abc"},
        {"string(5)", "string | 5"},
        {"CAST(DATE '2024-02-03' AS STRING)", "string | 2024-02-03"},
        {"CAST(TIMESTAMP '2024-02-03 04:05:06.120' AS STRING)", "string | 2024-02-03 04:05:06.12"},
        {"CAST(TIMESTAMP '2024-02-03 04:05:06.000001' AS STRING)", "string | 2024-02-03 04:05:06.000001"},
        {"CAST(TIMESTAMP '2024-02-03 00:00:00' AS STRING)", "string | 2024-02-03 00:00:00"},
        {"CAST(TIMESTAMP '1969-12-31 23:59:59.9' AS STRING)", "string | 1969-12-31 23:59:59.9"},
        {"CAST(TIMESTAMP_NTZ '2024-02-03 04:05:06.10' AS STRING)", "string | 2024-02-03 04:05:06.1"},
        {"CAST(TIMESTAMP '0001-01-01 00:00:00' AS STRING)", "string | 0001-01-01 00:00:00"},
        {"CAST(DATE '0001-01-01' AS STRING)", "string | 0001-01-01"},
        {"CAST(DATE '-0001-01-01' AS STRING)", "string | -0001-01-01"},
        {"CAST(DATE '+123456-01-01' AS STRING)", "string | +123456-01-01"},
        {"CAST(TIMESTAMP '+10000-01-01 00:00:00' AS STRING)", "string | +10000-01-01 00:00:00"},
    };
    EXPR_CHECK_ALL(rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {to_strings};
    return sqi_test_main("expr_cast_string", tests, sizeof tests / sizeof *tests);
}
