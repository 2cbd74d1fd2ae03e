/* Schemas of Arrow: what each format becomes, and what is refused. */
#include "data_arrow_layout.h"
#include "data_bench.h"
#include "fail_alloc.h"
#include "random_vec.h"

static void let_go(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static struct ArrowSchema node(const char *format)
{
    return (struct ArrowSchema){.format = format, .name = "x", .flags = ARROW_FLAG_NULLABLE, .release = let_go};
}

static sqi_cond reads(const struct ArrowSchema *schema, sqi_arrow_layout *out)
{
    streamq_error *err = NULL;
    (void)sqi_arrow_layout_read(schema, pool, &arena, out, &err);
    sqi_cond cond = sqi_error_cond(err);
    sqi_error_free(err);
    return cond;
}

static void prints(const sqi_type *t, const char *text)
{
    sqi_buf b;
    sqi_buf_init(&b, &alloc, 0);
    ck_assert(sqi_type_print(&b, t) && sqi_buf_byte(&b, '\0'));
    ck_assert_str_eq(b.ptr, text);
    sqi_buf_fini(&b);
}

START_TEST(formats_without_children_become_these_types)
{
    setup();
    static const char *const rows[][2] = {
        {"n", "void"},
        {"b", "boolean"},
        {"c", "tinyint"},
        {"C", "smallint"},
        {"s", "smallint"},
        {"S", "int"},
        {"i", "int"},
        {"I", "bigint"},
        {"l", "bigint"},
        {"L", "decimal(20,0)"},
        {"e", "float"},
        {"f", "float"},
        {"g", "double"},
        {"u", "string"},
        {"U", "string"},
        {"vu", "string"},
        {"z", "binary"},
        {"Z", "binary"},
        {"vz", "binary"},
        {"w:12", "binary"},
        {"d:10,2", "decimal(10,2)"},
        {"d:38,38,256", "decimal(38,38)"},
        {"d:9,0,32", "decimal(9,0)"},
        {"tdD", "date"},
        {"tdm", "date"},
        {"tsu:UTC", "timestamp"},
        {"tsn:+02:00", "timestamp"},
        {"tss:", "timestamp_ntz"},
        {"tDn", "interval day to second"},
        {"tiM", "interval year to month"},
        {"tiD", "interval"},
        {"tin", "interval"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ArrowSchema s = node(rows[i][0]);
        sqi_arrow_layout out;
        ck_assert_msg(reads(&s, &out) == SQI_COND_NONE, "%s", rows[i][0]);
        prints(out.type, rows[i][1]);
    }
    teardown();
}
END_TEST

START_TEST(formats_unknown_or_broken_are_refused)
{
    setup();
    static const struct {
        const char *format;
        sqi_cond cond;
    } rows[] = {
        {"", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"q", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"ttu", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"+r", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"+ud:0", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:10,-2", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:39,0", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:0,0", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:5,6", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:5,2,16", SQI_COND_UNSUPPORTED_ARROWTYPE},
        {"d:", SQI_COND_INVALID_ARGUMENT},
        {"d:5", SQI_COND_INVALID_ARGUMENT},
        {"d:5,2,", SQI_COND_INVALID_ARGUMENT},
        {"d:5,2x", SQI_COND_INVALID_ARGUMENT},
        {"d:99999999999,2", SQI_COND_INVALID_ARGUMENT},
        {"w:", SQI_COND_INVALID_ARGUMENT},
        {"w:-1", SQI_COND_INVALID_ARGUMENT},
        {"w:9999999999", SQI_COND_INVALID_ARGUMENT},
        {"ts", SQI_COND_INVALID_ARGUMENT},
        {"tsx:", SQI_COND_INVALID_ARGUMENT},
        {"tsu", SQI_COND_INVALID_ARGUMENT},
        {"+l", SQI_COND_INVALID_ARGUMENT},
        {"+m", SQI_COND_INVALID_ARGUMENT},
        {"+w:", SQI_COND_INVALID_ARGUMENT},
        {NULL, SQI_COND_INVALID_ARGUMENT},
    };
    sqi_arrow_layout out;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ArrowSchema s = node(rows[i].format);
        ck_assert_msg(reads(&s, &out) == rows[i].cond, "%s", rows[i].format ? rows[i].format : "NULL");
    }
    struct ArrowSchema gone = node("i"), bad_name = node("i"), bad_index = node("u"), dictionary = node("u");
    gone.release = NULL;
    bad_name.name = "\xff";
    bad_index.dictionary = &dictionary;
    ck_assert_int_eq(reads(&gone, &out), SQI_COND_INVALID_ARGUMENT);
    ck_assert_int_eq(reads(&bad_name, &out), SQI_COND_INVALID_ARGUMENT);
    ck_assert_int_eq(reads(&bad_index, &out), SQI_COND_INVALID_ARGUMENT);
    teardown();
}
END_TEST

START_TEST(depth_and_number_of_fields_are_bounded)
{
    setup();
    sqi_arrow_layout out;
    struct ArrowSchema own = node("+l"), *child = &own; /* a list of itself */
    own.n_children = 1;
    own.children = &child;
    ck_assert_int_eq(reads(&own, &out), SQI_COND_UNSUPPORTED_ARROWTYPE);
    struct ArrowSchema level[6], *many[6][10]; /* each of ten children is the same ten children: a million fields */
    for (int i = 0; i < 6; i++) {
        level[i] = node(i == 5 ? "i" : "+s");
        level[i].n_children = i == 5 ? 0 : 10;
        level[i].children = many[i];
        for (int k = 0; k < 10 && i < 5; k++)
            many[i][k] = &level[i + 1];
    }
    ck_assert_int_eq(reads(&level[0], &out), SQI_COND_UNSUPPORTED_ARROWTYPE);
    ck_assert_int_eq(reads(&level[2], &out), SQI_COND_NONE);
    struct ArrowSchema s = node("+s");
    s.n_children = -1;
    ck_assert_int_eq(reads(&s, &out), SQI_COND_INVALID_ARGUMENT);
    s.n_children = INT64_MAX;
    ck_assert_int_eq(reads(&s, &out), SQI_COND_INVALID_ARGUMENT);
    s.n_children = 1;
    ck_assert_int_eq(reads(&s, &out), SQI_COND_INVALID_ARGUMENT); /* which? */
    child = NULL;
    s.children = &child;
    ck_assert_int_eq(reads(&s, &out), SQI_COND_INVALID_ARGUMENT);
    teardown();
}
END_TEST

START_TEST(every_schema_is_read_as_it_was_written)
{
    setup();
    sqi_random r = {7};
    for (unsigned i = 0; i < 200; i++) {
        sqi_field field = {SQI_SPAN("Größe `1`"), sqi_random_type(&r, pool, 4, true), i % 2};
        sqi_schema s = {1, &field}, back;
        struct ArrowSchema arrow;
        ck_assert_int_eq(sqi_arrow_export_schema(&s, &arrow, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_arrow_import_schema(&arrow, pool, &arena, &back, NULL), STREAMQ_OK);
        arrow.release(&arrow);
        ck_assert_uint_eq(back.n, 1);
        ck_assert(sqi_span_equal(back.field[0].name, field.name));
        ck_assert_int_eq(back.field[0].nullable, field.nullable);
        ck_assert_ptr_eq(back.field[0].type, field.type); /* interned: nullability inside too */
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

static streamq_status read_all(sqi_alloc *a, void *context, streamq_error **err)
{
    sqi_type_pool *own = sqi_type_pool_new(a);
    sqi_arena scratch;
    sqi_schema out;
    sqi_arena_init(&scratch, a);
    streamq_status status = own ? sqi_arrow_import_schema(context, own, &scratch, &out, err) : sqi_error_nomem(err);
    sqi_arena_fini(&scratch);
    sqi_type_pool_free(own);
    return status;
}

START_TEST(reading_survives_the_failure_of_any_allocation)
{
    setup();
    sqi_field field = {SQI_SPAN("x"), sqi_every_type(pool, 24), true};
    struct ArrowSchema arrow;
    ck_assert_int_eq(sqi_arrow_export_schema(&(sqi_schema){1, &field}, &arrow, NULL), STREAMQ_OK);
    ck_assert_uint_gt(sqi_test_every_allocation(read_all, &arrow), 2);
    arrow.release(&arrow);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {formats_without_children_become_these_types, formats_unknown_or_broken_are_refused,
                                  depth_and_number_of_fields_are_bounded, every_schema_is_read_as_it_was_written,
                                  reading_survives_the_failure_of_any_allocation};
    return sqi_test_main("data_arrow_layout", tests, sizeof tests / sizeof *tests);
}
