/* Which type two types meet in, and what casts implicitly to what. Types are given as SQL text. */
#include "expr_check.h"
#include "expr_coerce.h"

static const sqi_type *type(expr_bench *x, const char *text)
{
    sqi_parser p;
    const sqi_type *t = NULL;
    memset(&p, 0, sizeof p);
    if (strcmp(text, "VOID") == 0)
        return &sqi_type_void;
    ck_assert_int_eq(sqi_parser_init(&p, sqi_span_of(text), &x->plan, x->pool, x->zones, x->eval.zone, NULL), 0);
    ck_assert_int_eq(sqi_parse_type(&p, &t, NULL), STREAMQ_OK);
    return t;
}

typedef struct meeting {
    const char *a, *b, *common, *tightest; /* "" none; tightest NULL: the same */
} meeting;

static const meeting meetings[] = {
    {"INT", "INT", "INT", NULL},
    {"TINYINT", "SMALLINT", "SMALLINT", NULL},
    {"INT", "BIGINT", "BIGINT", NULL},
    {"BIGINT", "FLOAT", "DOUBLE", NULL},
    {"FLOAT", "FLOAT", "FLOAT", NULL},
    {"FLOAT", "DOUBLE", "DOUBLE", NULL},
    {"DECIMAL(3,1)", "DOUBLE", "DOUBLE", NULL},
    {"DECIMAL(3,1)", "INT", "DECIMAL(11,1)", NULL},
    {"DECIMAL(3,1)", "BIGINT", "DECIMAL(21,1)", NULL},
    {"DECIMAL(4,2)", "DECIMAL(6,1)", "DECIMAL(7,2)", NULL},
    {"DECIMAL(38,0)", "DECIMAL(2,1)", "DECIMAL(38,0)", NULL},
    {"DECIMAL(38,38)", "DECIMAL(38,0)", "DECIMAL(38,0)", NULL},
    {"DECIMAL(20,0)", "BIGINT", "DECIMAL(20,0)", NULL},
    {"VOID", "INT", "INT", NULL},
    {"VOID", "VOID", "VOID", NULL},
    {"STRING", "VOID", "STRING", NULL},
    {"STRING", "STRING", "STRING", NULL},
    {"STRING", "INT", "BIGINT", ""},
    {"STRING", "TINYINT", "BIGINT", ""},
    {"STRING", "FLOAT", "DOUBLE", ""},
    {"STRING", "DECIMAL(3,1)", "DOUBLE", ""},
    {"STRING", "DATE", "DATE", ""},
    {"STRING", "TIMESTAMP", "TIMESTAMP", ""},
    {"STRING", "BOOLEAN", "BOOLEAN", ""},
    {"STRING", "BINARY", "BINARY", ""},
    {"STRING", "INTERVAL DAY", "", ""},
    {"STRING", "ARRAY<STRING>", "", ""},
    {"DATE", "TIMESTAMP", "TIMESTAMP", NULL},
    {"DATE", "TIMESTAMP_NTZ", "TIMESTAMP_NTZ", NULL},
    {"TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP", NULL},
    {"DATE", "INT", "", NULL},
    {"BOOLEAN", "INT", "", NULL},
    {"BINARY", "INT", "", NULL},
    {"INTERVAL DAY", "INTERVAL HOUR TO SECOND", "INTERVAL DAY TO SECOND", NULL},
    {"INTERVAL YEAR", "INTERVAL MONTH", "INTERVAL YEAR TO MONTH", NULL},
    {"INTERVAL YEAR", "INTERVAL DAY", "", NULL},
    {"ARRAY<INT>", "ARRAY<STRING>", "ARRAY<BIGINT>", ""},
    {"ARRAY<INT>", "ARRAY<DOUBLE>", "ARRAY<DOUBLE>", NULL},
    {"ARRAY<INT>", "MAP<INT, INT>", "", NULL},
    {"MAP<STRING, INT>", "MAP<STRING, BIGINT>", "MAP<STRING, BIGINT>", NULL},
    {"STRUCT<a: INT>", "STRUCT<A: BIGINT>", "STRUCT<a: BIGINT>", NULL},
    {"STRUCT<a: INT>", "STRUCT<b: INT>", "", NULL},
    {"STRUCT<a: INT>", "STRUCT<a: INT, b: INT>", "", NULL},
};

START_TEST(two_types_meet_where_spark_says)
{
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        const meeting *m = &meetings[i];
        const sqi_type *a = type(&x, m->a), *b = type(&x, m->b);
        for (int way = 0; way < 4; way++) {
            bool tight = way & 1, turned = way & 2;
            const char *text = tight && m->tightest ? m->tightest : m->common;
            const sqi_type *want = *text ? type(&x, text) : NULL;
            const sqi_type *got = tight ? sqi_coerce_tightest(x.pool, turned ? b : a, turned ? a : b)
                                        : sqi_coerce_common(x.pool, turned ? b : a, turned ? a : b);
            bool same = want && got ? (a->id == SQI_STRUCT ? sqi_type_same_shape(want, got) : sqi_type_same(want, got))
                                    : want == got;
            ck_assert_msg(same, "%s and %s (%s)", m->a, m->b, tight ? "tightest" : "common");
        }
    }
    expr_bench_fini(&x);
}
END_TEST

START_TEST(arguments_cast_implicitly_as_values_are_stored)
{
    static const struct {
        const char *from, *to;
        bool may;
    } rows[] = {{"INT", "STRING", true},
                {"STRING", "INT", true},
                {"DOUBLE", "INT", true},
                {"BOOLEAN", "INT", false},
                {"INT", "BOOLEAN", false},
                {"DATE", "TIMESTAMP", true},
                {"TIMESTAMP", "DATE", true},
                {"DATE", "INT", false},
                {"INT", "DATE", false},
                {"STRING", "DATE", true},
                {"BINARY", "STRING", true},
                {"STRING", "BINARY", true},
                {"INT", "BINARY", false},
                {"VOID", "ARRAY<INT>", true},
                {"ARRAY<INT>", "STRING", false},
                {"ARRAY<INT>", "ARRAY<BIGINT>", true},
                {"STRING", "ARRAY<INT>", false},
                {"STRUCT<a: INT>", "STRUCT<b: STRING>", true},
                {"MAP<INT, INT>", "MAP<INT, DATE>", false},
                {"INTERVAL DAY", "INTERVAL HOUR", true}};
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(sqi_coerce_implicit(type(&x, rows[i].from), type(&x, rows[i].to)) == rows[i].may, "%s to %s",
                      rows[i].from, rows[i].to);
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {two_types_meet_where_spark_says, arguments_cast_implicitly_as_values_are_stored};
    return sqi_test_main("expr_coerce", tests, sizeof tests / sizeof *tests);
}
