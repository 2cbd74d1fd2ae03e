/* Signatures of the function table, common types, constants and type errors, through a binder of its own. */
#include "expr_check.h"

/* A call of a made-up function over the expressions given; its result type, or the condition. */
static const char *apply(expr_bench *x, const char *types, const char *const *args, uint32_t n)
{
    static sqi_func row;
    streamq_error *err = NULL;
    row = (sqi_func){.name = "f", .types = types};
    expr_bench_reset(x);
    sqi_bound *node = sqi_arena_zero(&x->plan, sizeof *node);
    node->kind = SQI_BOUND_CALL;
    node->func = &row;
    node->narg = n;
    node->arg = sqi_arena_array(&x->plan, n + 1, sizeof *node->arg);
    for (uint32_t i = 0; i < n; i++)
        ck_assert_int_eq(expr_bench_bind(x, args[i], NULL, &node->arg[i], NULL), STREAMQ_OK);
    streamq_status status = sqi_bind_signature(&x->binder, node, types, &err);
    const char *name = sqi_cond_name(sqi_error_cond(err));
    sqi_error_free(err);
    if (status != STREAMQ_OK)
        return name;
    sqi_buf text;
    sqi_buf_init(&text, &x->alloc, 0);
    for (uint32_t i = 0; i < n; i++) {
        sqi_type_print(&text, node->arg[i]->type);
        sqi_buf_byte(&text, ' ');
    }
    sqi_buf_text(&text, "> ");
    sqi_type_print(&text, node->type);
    const char *out = sqi_arena_text(&x->plan, text.ptr, text.len);
    sqi_buf_fini(&text);
    return out;
}

START_TEST(letters_cast_arguments_and_give_the_result)
{
    static const struct {
        const char *types;
        const char *args[4];
        const char *expected;
    } rows[] = {{"ss>b", {"'a'", "1"}, "string string > boolean"},
                {"l>l", {"1"}, "bigint > bigint"},
                {"i>i", {"'5'"}, "int > int"},
                {"n>1", {"1.5"}, "decimal(2,1) > decimal(2,1)"},
                {"n>1", {"'1.5'"}, "double > double"},
                {"n>1", {"NULL"}, "double > double"},
                {"n>1", {"true"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"I>1", {"1Y"}, "tinyint > tinyint"},
                {"I>1", {"1.5"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"I>1", {"'1'"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"y>y", {"X'00'"}, "binary > binary"},
                {"y>y", {"12"}, "string > string"},
                {"a>1", {"array(1)"}, "array<int> > array<int>"},
                {"a>1", {"NULL"}, "array<void> > array<void>"},
                {"a>1", {"'x'"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"m>1", {"map(1, 2)"}, "map<int,int> > map<int,int>"},
                {"r>1", {"struct(1)"}, "struct<col1:int> > struct<col1:int>"},
                {"r>1", {"1"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"s*>s", {"'a'", "1", "true"}, "string string string > string"},
                {"is*>2", {"1", "'a'", "2"}, "int string string > string"},
                {"DT>D", {"'2024-01-01'", "DATE '2024-01-01'"}, "date timestamp > date"},
                {"D>D", {"1"}, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"},
                {"_>1", {"NULL"}, "void > void"},
                {">d", {NULL}, "> double"}};
    expr_bench x;
    expr_bench_init(&x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t n = 0;
        while (n < 4 && rows[i].args[n])
            n++;
        const char *got = apply(&x, rows[i].types, rows[i].args, n), *want = rows[i].expected;
        ck_assert_msg(strcmp(got, want) == 0, "%s: %s", rows[i].types, got);
    }
    expr_bench_fini(&x);
}
END_TEST

START_TEST(an_argument_error_names_the_argument_and_its_type)
{
    expr_bench x;
    sqi_bound *e;
    streamq_error *err = NULL;
    expr_bench_init(&x);
    ck_assert_int_ne(expr_bench_bind(&x, "1 + upper(array(1))", NULL, &e, &err), STREAMQ_OK);
    const char *text = sqi_error_text(err);
    ck_assert_msg(strstr(text, "argument 1 of upper") && strstr(text, "STRING") && strstr(text, "ARRAY<INT>"), "%s",
                  text);
    size_t begin, end;
    ck_assert(sqi_error_where(err, &begin, &end));
    ck_assert_uint_eq(begin, 10);
    sqi_error_free(err);
    expr_bench_fini(&x);
}
END_TEST

START_TEST(a_constant_is_given_only_for_what_is_constant)
{
    expr_bench x;
    sqi_bound *e;
    const sqi_vec *value = NULL;
    streamq_error *err = NULL;
    expr_bench_init(&x);
    x.binder.allow = SQI_BIND_UNFOLDED;
    ck_assert_int_eq(expr_bench_bind(&x, "1 + 2", NULL, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_bind_constant(&x.binder, e, &value, NULL), STREAMQ_OK);
    ck_assert_int_eq(SQI_AT(value, int32_t, 0), 3);
    ck_assert_int_eq(expr_bench_bind(&x, "rand() + 1", NULL, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_bind_constant(&x.binder, e, &value, NULL), STREAMQ_OK);
    ck_assert_ptr_null(value);
    ck_assert_int_eq(expr_bench_bind(&x, "1 / 0", NULL, &e, NULL), STREAMQ_OK);
    ck_assert_int_ne(sqi_bind_constant(&x.binder, e, &value, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_DIVIDE_BY_ZERO);
    sqi_error_free(err);
    expr_bench_fini(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {letters_cast_arguments_and_give_the_result,
                                  an_argument_error_names_the_argument_and_its_type,
                                  a_constant_is_given_only_for_what_is_constant};
    return sqi_test_main("expr_signature", tests, sizeof tests / sizeof *tests);
}
