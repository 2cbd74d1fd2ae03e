/* Type text and schema text. */
#include "sql_rig.h"
#include "test_main.h"

#define CHECK(read, rows) sql_rig_check(read, rows, sizeof rows / sizeof *rows)

START_TEST(plain_types_and_their_other_names)
{
    static const sql_rig_row rows[] = {
        {"boolean", "boolean"}, {"BYTE", "tinyint"}, {"tinyint", "tinyint"}, {"Short", "smallint"},
        {"INTEGER", "int"},     {"long", "bigint"},  {"real", "float"},      {"double", "double"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(decimals_have_limits)
{
    static const sql_rig_row rows[] = {
        {"DEC", "decimal(10,0)"},
        {"numeric(5)", "decimal(5,0)"},
        {"decimal(38, 38)", "decimal(38,38)"},
        {"decimal(39)", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-11"},
        {"decimal(5, 6)", "!DECIMAL_SCALE_EXCEEDS_PRECISION 0-13"},
        {"decimal(5, 2, 1)", "!UNSUPPORTED_DATATYPE 0-16"},
        {"decimal(0)", "!DECIMAL_SCALE_EXCEEDS_PRECISION 0-10"},
        {"decimal(", "!PARSE_SYNTAX_ERROR 8-8"},
        {"decimal(a)", "!PARSE_SYNTAX_ERROR 8-9"},
        {"decimal(99999999999999999999)", "!DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION 0-29"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(texts_have_no_length_and_no_collation)
{
    static const sql_rig_row rows[] = {
        {"string", "string"},
        {"string collate utf8_binary", "string"},
        {"string collate unicode", "!UNSUPPORTED_FEATURE.TYPE 15-22"},
        {"string collate nosuch", "!COLLATION_INVALID_NAME 15-21"},
        {"varchar(5)", "string"},
        {"char", "!DATATYPE_MISSING_SIZE 0-4"},
        {"character(3)", "string"},
        {"varchar(1, 2)", "!DATATYPE_MISSING_SIZE 0-13"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(times)
{
    static const sql_rig_row rows[] = {
        {"binary", "binary"},
        {"date", "date"},
        {"timestamp", "timestamp"},
        {"timestamp_ltz", "timestamp"},
        {"timestamp_ntz", "timestamp_ntz"},
        {"timestamp without time zone", "timestamp_ntz"},
        {"timestamp with local time zone", "timestamp"},
        {"time", "!UNSUPPORTED_TIME_TYPE 0-4"},
        {"time(3)", "!UNSUPPORTED_TIME_TYPE 0-7"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(unknown_types_are_named)
{
    static const sql_rig_row rows[] = {
        {"void", "void"},
        {"variant", "!UNSUPPORTED_DATATYPE 0-7"},
        {"int(5)", "!UNSUPPORTED_DATATYPE 0-6"},
        {"foo", "!UNSUPPORTED_DATATYPE 0-3"},
        {"foo(1)", "!UNSUPPORTED_DATATYPE 0-6"},
        {"`int`", "!UNSUPPORTED_DATATYPE 0-5"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(intervals_have_fields)
{
    static const sql_rig_row rows[] = {
        {"interval", "interval"},
        {"interval year", "interval year"},
        {"interval year to month", "interval year to month"},
        {"interval day to second", "interval day to second"},
        {"interval minute to second", "interval minute to second"},
        {"interval second to minute", "!INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION 0-25"},
        {"interval second to day", "!PARSE_SYNTAX_ERROR 19-22"},
        {"interval day to month", "!PARSE_SYNTAX_ERROR 16-21"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(nested_types)
{
    static const sql_rig_row rows[] = {
        {"array<int>", "array<int>"},
        {"array<array<array<int>>>", "array<array<array<int>>>"},
        {"ARRAY<STRING NOT NULL>", "array<string>"},
        {"array", "!INCOMPLETE_TYPE_DEFINITION.ARRAY 0-5"},
        {"array<>", "!PARSE_SYNTAX_ERROR 5-7"},
        {"array<int", "!PARSE_SYNTAX_ERROR 9-9"},
        {"array<int>>", "!PARSE_SYNTAX_ERROR 10-11"},
        {"map<string, array<int>>", "map<string,array<int>>"},
        {"map<string>", "!PARSE_SYNTAX_ERROR 10-11"},
        {"map", "!INCOMPLETE_TYPE_DEFINITION.MAP 0-3"},
        {"struct<a: int, b string not null comment 'x', `c d`: array<int>>", "struct<a:int,b:string,c d:array<int>>"},
        {"struct<>", "struct<>"},
        {"struct< >", "struct<>"},
        {"struct", "!INCOMPLETE_TYPE_DEFINITION.STRUCT 0-6"},
        {"struct<a>", "!PARSE_SYNTAX_ERROR 8-9"},
        {"struct<a:>", "!PARSE_SYNTAX_ERROR 9-10"},
        {"int int", "!PARSE_SYNTAX_ERROR 4-7"},
    };
    CHECK(sql_rig_type, rows);
}
END_TEST

START_TEST(schemas)
{
    static const sql_rig_row rows[] = {
        {"a INT, b STRING", "a INT, b STRING"},
        {"a INT NOT NULL COMMENT 'it' 's', `b c` ARRAY<STRING>", "a INT NOT NULL, `b c` ARRAY<STRING>"},
        {"a: INT, b: STRING", "a INT, b STRING"},
        {"struct<a:int,b:string>", "a INT, b STRING"},
        {"struct int", "struct INT"},
        {"a INT,", "!PARSE_SYNTAX_ERROR 6-6"},
        {"a", "!PARSE_SYNTAX_ERROR 1-1"},
        {"a NOSUCHTYPE", "!PARSE_SYNTAX_ERROR 2-12"},
        {"a INT b INT", "!PARSE_SYNTAX_ERROR 6-7"},
        {"a-b INT", "!INVALID_IDENTIFIER 0-3"},
        {"a STRUCT<x: INT, y: STRUCT<z: MAP<STRING, DOUBLE>>>", "a STRUCT<x: INT, y: STRUCT<z: MAP<STRING, DOUBLE>>>"},
    };
    CHECK(sql_rig_schema, rows);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        plain_types_and_their_other_names,
        decimals_have_limits,
        texts_have_no_length_and_no_collation,
        times,
        unknown_types_are_named,
        intervals_have_fields,
        nested_types,
        schemas,
    };
    return sqi_test_main("expr_parse_type", tests, sizeof tests / sizeof *tests);
}
