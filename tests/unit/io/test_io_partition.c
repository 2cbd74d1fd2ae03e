/* Folders of a partitioned output; every name was asked of Spark 4.3. */
#include <stdio.h>
#include <string.h>

#include "data_builder.h"
#include "io_partition.h"
#include "io_rig.h"
#include "test_main.h"

static rig r;
static sqi_partition p;

static const sqi_span *names(uint32_t n, const char *const *text)
{
    sqi_span *s = sqi_arena_array(&r.arena, n + 1, sizeof *s);
    for (uint32_t i = 0; i < n; i++)
        s[i] = sqi_span_of(text[i]);
    return s;
}
#define NAMES(...)                                                                       \
    (uint32_t)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), (const char *[]) \
    {                                                                                    \
        __VA_ARGS__                                                                      \
    }

static streamq_status make(uint32_t n, const char *const *text)
{
    return sqi_partition_make(&p, &r.schema, names(n, text), n, &r.arena, &r.err);
}

static const char *path_of(const sqi_chunk *chunk, uint32_t i)
{
    sqi_buf b;
    sqi_buf_init(&b, &r.heap.alloc, 0);
    ck_assert(sqi_partition_path(&p, chunk->col, i, sqi_zone_utc(), &b));
    const char *text = sqi_arena_text(&r.arena, b.ptr, b.len);
    sqi_buf_fini(&b);
    return text;
}

START_TEST(values_are_escaped_as_hive_does)
{
    char all[260], wanted[1024] = "";
    sqi_buf b;
    rig_begin(&r);
    for (int c = 1; c < 256; c++)
        all[c - 1] = (char)c;
    sqi_buf_init(&b, &r.heap.alloc, 0);
    ck_assert(sqi_partition_escape(&b, (sqi_span){all, 255}) && sqi_buf_byte(&b, '\0'));
    for (int c = 1; c < 256; c++) { /* what ExternalCatalogUtils.escapePathName escapes */
        bool odd = c < 32 || c == 34 || c == 35 || c == 37 || c == 39 || c == 42 || c == 47 || c == 58 || c == 61 ||
                   c == 63 || c == 91 || c == 92 || c == 93 || c == 94 || c == 123 || c == 127;
        sprintf(wanted + strlen(wanted), odd ? "%%%02X" : "%c", (unsigned)c);
    }
    ck_assert_str_eq(b.ptr, wanted);
    sqi_buf_clear(&b);
    ck_assert(sqi_partition_escape(&b, (sqi_span){"a\0b", 3}) && sqi_buf_byte(&b, '\0'));
    ck_assert_str_eq(b.ptr, "a%00b"); /* no path can hold a NUL; Spark fails */
    sqi_buf_fini(&b);
    rig_end(&r);
}
END_TEST

START_TEST(a_row_has_a_folder_for_each_column)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"v", "k"}, (const sqi_type *const[]){&sqi_type_bigint, &sqi_type_string}, 2);
    rig_columns(&r, (const char *[]){"k", "v", "x"},
                (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint, &sqi_type_string}, 3);
    sqi_chunk c = rig_beside(&r, rig_strings(&r, (const char *[]){"a", NULL, "", "x/y:z=%", "é😀", "a b"}, 6),
                             rig_numbers(&r, (int64_t[]){1, 2, 3, 4, 5, 6}, 6));
    ck_assert_int_eq(make(NAMES("k")), STREAMQ_OK);
    ck_assert_str_eq(path_of(&c, 0), "k=a");
    ck_assert_str_eq(path_of(&c, 1), "k=__HIVE_DEFAULT_PARTITION__");
    ck_assert_str_eq(path_of(&c, 2), "k=__HIVE_DEFAULT_PARTITION__");
    ck_assert_str_eq(path_of(&c, 3), "k=x%2Fy%3Az%3D%25");
    ck_assert_str_eq(path_of(&c, 4), "k=é😀");
    ck_assert_str_eq(path_of(&c, 5), "k=a b");
    ck_assert_uint_eq(p.nrest, 2);
    ck_assert_int_eq(make(NAMES("V", "k")), STREAMQ_OK); /* the name as it was written */
    ck_assert_str_eq(path_of(&c, 3), "V=4/k=x%2Fy%3Az%3D%25");
    ck_assert_uint_eq(p.nrest, 1);
    ck_assert_uint_eq(p.rest[0], 2);
    rig_end(&r);
}
END_TEST

START_TEST(values_that_are_no_text_are_cast)
{
    rig_begin(&r);
    const sqi_type *types[] = {&sqi_type_double, &sqi_type_timestamp, &sqi_type_boolean, &sqi_type_date, &sqi_type_int};
    rig_columns(&r, (const char *[]){"a", "b", "c", "d", "e"}, types, 5);
    sqi_vec v[5];
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(sqi_vec_make(&v[i], types[i], 1, &r.arena, NULL), STREAMQ_OK);
    SQI_OUT(&v[0], double)[0] = 1.0 / 3 - 1;
    SQI_OUT(&v[1], int64_t)[0] = INT64_C(1704164645678000);
    SQI_OUT(&v[2], uint8_t)[0] = 1;
    SQI_OUT(&v[3], int32_t)[0] = 19724;
    sqi_chunk c = {.n = 1, .ncol = 5, .rows = {NULL, 1}, .col = v};
    ck_assert_int_eq(make(NAMES("a", "b", "c", "d")), STREAMQ_OK);
    ck_assert_str_eq(path_of(&c, 0), "a=-0.6666666666666667/b=2024-01-02 03%3A04%3A05.678/c=true/d=2024-01-02");
    rig_end(&r);
}
END_TEST

START_TEST(columns_that_cannot_be_are_refused)
{
    rig_begin(&r);
    r.env.pool = sqi_type_pool_new(&r.heap.alloc);
    rig_columns(&r, (const char *[]){"value", "k", "l", "z"},
                (const sqi_type *const[]){&sqi_type_bigint, &sqi_type_string,
                                          sqi_type_array(r.env.pool, &sqi_type_bigint, true), &sqi_type_void},
                4);
    rig_refused(&r, make(NAMES("zz")), SQI_COND_COLUMN_NOT_FOUND, "zz");
    rig_refused(&r, make(NAMES("k.a")), SQI_COND_COLUMN_NOT_FOUND, "k.a");
    rig_refused(&r, make(NAMES("k", "K")), SQI_COND_COLUMN_ALREADY_EXISTS, "K");
    rig_refused(&r, make(NAMES("l")), SQI_COND_INVALID_PARTITION_COLUMN_DATA_TYPE, "ARRAY<BIGINT>");
    rig_refused(&r, make(NAMES("z")), SQI_COND_INVALID_PARTITION_COLUMN_DATA_TYPE, "VOID");
    r.schema.n = 2;
    rig_refused(&r, make(NAMES("k", "value")), SQI_COND_ALL_PARTITION_COLUMNS_NOT_ALLOWED, "all columns");
    ck_assert_int_eq(sqi_partition_make(&p, &r.schema, NULL, 0, &r.arena, &r.err), STREAMQ_OK);
    ck_assert_uint_eq(p.nrest, 2);
    sqi_type_pool_free(r.env.pool);
    rig_end(&r);
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    sqi_arena arena;
    sqi_buf b;
    sqi_partition mine;
    sqi_span name = SQI_SPAN("k");
    sqi_arena_init(&arena, alloc);
    sqi_buf_init(&b, alloc, 0);
    streamq_status status = sqi_partition_make(&mine, &r.schema, &name, 1, &arena, err);
    if (status == STREAMQ_OK && !sqi_partition_path(&mine, ((sqi_chunk *)context)->col, 0, sqi_zone_utc(), &b))
        status = sqi_error_nomem(err);
    sqi_buf_fini(&b);
    sqi_arena_fini(&arena);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    rig_begin(&r);
    rig_columns(&r, (const char *[]){"k", "v"}, (const sqi_type *const[]){&sqi_type_string, &sqi_type_bigint}, 2);
    sqi_chunk c = rig_beside(&r, rig_strings(&r, (const char *[]){"a"}, 1), rig_numbers(&r, (int64_t[]){1}, 1));
    ck_assert_uint_ge(sqi_test_every_allocation(live, &c), 3);
    rig_end(&r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_are_escaped_as_hive_does, a_row_has_a_folder_for_each_column,
                                  values_that_are_no_text_are_cast, columns_that_cannot_be_are_refused,
                                  every_allocation_may_fail};
    return sqi_test_main("io_partition", tests, sizeof tests / sizeof *tests);
}
