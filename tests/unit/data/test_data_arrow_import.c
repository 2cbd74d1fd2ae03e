/* Arrays that lie: each lie about counts, lengths, offsets or pointers gives an error and reads nothing it should not.
   Buffers stand at the end of their own blocks, so the sanitizer sees a read beyond. */
#include "data_arrow.h"
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

#include <stdlib.h>

static int released;

/* Of a child: does nothing. Of a root: counts. */
static void let_go(struct ArrowArray *array)
{
    array->release = NULL;
}
static void let_root_go(struct ArrowArray *array)
{
    released++;
    array->release = NULL;
}
static void let_schema_go(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

/* A table of one column, parts of which a test then bends. */
typedef struct table {
    struct ArrowSchema schema, column_schema, item_schema, key_schema, value_schema;
    struct ArrowSchema *columns[1], *items[1], *entry[2];
    struct ArrowArray array, column, item, key, value, dictionary;
    struct ArrowArray *column_list[1], *item_list[1], *entry_list[2];
    const void *root_buffer[1], *buffer[4], *item_buffer[3], *key_buffer[2], *value_buffer[2], *dictionary_buffer[2];
} table;

static struct ArrowSchema schema_of(const char *format, const char *name)
{
    return (struct ArrowSchema){.format = format, .name = name, .flags = 2, .release = let_schema_go};
}

static struct ArrowArray array_of(int64_t length, int64_t n_buffers, const void **buffers)
{
    return (struct ArrowArray){.length = length, .n_buffers = n_buffers, .buffers = buffers, .release = let_go};
}

static void make(table *t, const char *format, int64_t length, int64_t n_buffers)
{
    memset(t, 0, sizeof *t);
    t->schema = schema_of("+s", "");
    t->column_schema = schema_of(format, "x");
    t->columns[0] = &t->column_schema;
    t->schema.n_children = 1;
    t->schema.children = t->columns;
    t->array = array_of(length, 1, t->root_buffer);
    t->array.release = let_root_go;
    t->column = array_of(length, n_buffers, t->buffer);
    t->column_list[0] = &t->column;
    t->array.n_children = 1;
    t->array.children = t->column_list;
}

static void make_list(table *t, const char *format, int64_t length, int64_t n_buffers, int64_t items)
{
    static int32_t numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    make(t, format, length, n_buffers);
    t->item_schema = schema_of("i", "item");
    t->items[0] = &t->item_schema;
    t->column_schema.n_children = 1;
    t->column_schema.children = t->items;
    t->item = array_of(items, 2, t->item_buffer);
    t->item_buffer[1] = numbers;
    t->item_list[0] = &t->item;
    t->column.n_children = 1;
    t->column.children = t->item_list;
}

static void make_map(table *t, int64_t entries)
{
    static int32_t numbers[4] = {1, 2, 3, 4};
    make_list(t, "+m", 2, 2, entries);
    t->item_schema = schema_of("+s", "entries");
    t->item_schema.n_children = 2;
    t->item_schema.children = t->entry;
    t->key_schema = schema_of("i", "key");
    t->value_schema = schema_of("i", "value");
    t->entry[0] = &t->key_schema;
    t->entry[1] = &t->value_schema;
    t->item = array_of(entries, 1, t->item_buffer);
    t->item_buffer[0] = t->item_buffer[1] = NULL;
    t->item.n_children = 2;
    t->item.children = t->entry_list;
    t->key = array_of(entries, 2, t->key_buffer);
    t->value = array_of(entries, 2, t->value_buffer);
    t->key_buffer[1] = t->value_buffer[1] = numbers;
    t->entry_list[0] = &t->key;
    t->entry_list[1] = &t->value;
}

static sqi_batch *take(table *t, streamq_status wanted, sqi_cond cond)
{
    sqi_batch *b = NULL;
    sqi_schema columns;
    streamq_error *err = NULL;
    int before = released;
    streamq_status status = sqi_arrow_import_schema(&t->schema, pool, &arena, &columns, &err);
    if (status == STREAMQ_OK)
        status = sqi_arrow_import_batch(&alloc, pool, &columns, &t->array, &t->schema, &b, &err);
    ck_assert_msg(status == wanted && sqi_error_cond(err) == cond, "%d: %s", (int)status, sqi_error_message(err));
    ck_assert_int_eq(b != NULL, status == STREAMQ_OK);
    ck_assert_int_eq(t->array.release == NULL, status == STREAMQ_OK);
    ck_assert_int_eq(released, before);
    sqi_error_free(err);
    return b;
}

static void accept(table *t)
{
    int before = released;
    sqi_batch *b = take(t, STREAMQ_OK, SQI_COND_NONE);
    sqi_batch_unref(b);
    ck_assert_int_eq(released, before + 1);
}

static void refuse(table *t)
{
    ck_assert_ptr_null(take(t, STREAMQ_ERR_INVALID, SQI_COND_INVALID_ARGUMENT));
}

static int32_t *ints(uint32_t n, const int32_t *from)
{
    int32_t *own = malloc(n * sizeof *own);
    return memcpy(own, from, n * sizeof *own);
}
#define INTS(...) ints(sizeof((int32_t[]){__VA_ARGS__}) / 4, (int32_t[]){__VA_ARGS__})

START_TEST(counts_and_lengths_that_do_not_fit_are_refused)
{
    setup();
    int32_t *data = INTS(1, 2, 3);
    table t;
#define WITH(change)     \
    make(&t, "i", 3, 2); \
    t.buffer[1] = data;  \
    change
    WITH(accept(&t));
    WITH(t.column.length = 2; refuse(&t));
    WITH(t.column.length = -1; refuse(&t));
    WITH(t.array.length = -1; refuse(&t));
    WITH(t.array.length = INT64_MAX; refuse(&t));
    WITH(t.array.offset = -1; refuse(&t));
    WITH(t.array.offset = 1; refuse(&t));
    WITH(t.array.offset = INT64_MAX; refuse(&t));
    WITH(t.column.offset = -1; refuse(&t));
    WITH(t.column.offset = INT64_MAX - 1; refuse(&t));
    WITH(t.column.offset = INT64_MAX / 4; refuse(&t));
    WITH(t.column.null_count = -2; refuse(&t));
    WITH(t.column.null_count = 4; refuse(&t));
    WITH(t.column.null_count = 1; refuse(&t)); /* and no bitmap */
    WITH(t.column.n_buffers = 1; refuse(&t));
    WITH(t.column.n_buffers = 3; refuse(&t));
    WITH(t.column.n_buffers = -1; refuse(&t));
    WITH(t.column.buffers = NULL; refuse(&t));
    WITH(t.buffer[1] = NULL; refuse(&t));
    WITH(t.column.n_children = 1; refuse(&t));
    WITH(t.column.dictionary = &t.dictionary; refuse(&t));
    WITH(t.column.release = NULL; refuse(&t));
    WITH(t.column_list[0] = NULL; refuse(&t));
    WITH(t.array.children = NULL; refuse(&t));
    WITH(t.array.n_children = 2; refuse(&t));
    WITH(t.array.n_children = 0; refuse(&t));
#undef WITH
    free(data);
    teardown();
}
END_TEST

START_TEST(a_null_row_of_the_table_itself_is_refused)
{
    setup();
    int32_t *data = INTS(1, 2, 3);
    uint8_t bits = 7;
    for (int i = 0; i < 2; i++) {
        table t;
        make(&t, "i", 3, 2);
        t.buffer[1] = data;
        t.root_buffer[0] = &bits;
        t.array.null_count = -1;
        if (i == 0)
            accept(&t);
        else
            refuse(&t);
        bits = 5;
    }
    free(data);
    teardown();
}
END_TEST

START_TEST(offsets_of_strings_must_ascend_from_zero)
{
    setup();
    static const struct {
        int32_t offset[4];
        bool fine;
    } cases[] = {{{0, 1, 1, 3}, true},   {{1, 2, 2, 3}, true},   {{0, 2, 1, 3}, false},
                 {{-1, 0, 1, 2}, false}, {{0, 1, 2, -3}, false}, {{3, 2, 1, 0}, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        table t;
        make(&t, "u", 3, 3);
        char *bytes = memcpy(malloc(3), "abc", 3);
        t.buffer[1] = cases[i].offset;
        t.buffer[2] = bytes;
        if (cases[i].fine)
            accept(&t);
        else
            refuse(&t);
        make(&t, "u", 3, 3);
        t.buffer[1] = cases[i].offset;
        refuse(&t); /* without bytes */
        free(bytes);
    }
    static const int64_t wide[] = {0, 1, (int64_t)SQI_STR_MAX + 2, (int64_t)SQI_STR_MAX + 2};
    table t;
    make(&t, "U", 3, 3);
    t.buffer[1] = wide;
    t.buffer[2] = "a";
    ck_assert_ptr_null(take(&t, STREAMQ_ERR_LIMIT, SQI_COND_LIMIT_EXCEEDED));
    teardown();
}
END_TEST

START_TEST(views_must_point_into_their_buffers)
{
    setup();
    static const char bytes[] = "thirteen bytes and more";
    int64_t sizes[1] = {23};
    for (int i = 0; i < 8; i++) {
        int32_t view[4] = {13, 0, 0, 10};
        table t;
        make(&t, "vu", 1, 4);
        t.buffer[1] = view;
        t.buffer[2] = bytes;
        t.buffer[3] = sizes;
        switch (i) {
        case 1:
            view[0] = 14;
            break;
        case 2:
            view[0] = -1;
            break;
        case 3:
            view[2] = 1;
            break;
        case 4:
            view[2] = -1;
            break;
        case 5:
            view[3] = -1;
            break;
        case 6:
            view[3] = INT32_MAX;
            break;
        case 7:
            t.buffer[3] = NULL;
            break;
        default:
            break;
        }
        if (i)
            refuse(&t);
        else
            accept(&t);
    }
    int32_t inside[4] = {4, 0x64636261, -1, -1}; /* rubbish behind a short text is not taken over */
    table t;
    make(&t, "vu", 1, 3);
    t.buffer[1] = inside;
    sqi_batch *b = take(&t, STREAMQ_OK, SQI_COND_NONE);
    sqi_str abcd = sqi_str_view("abcd", 4);
    ck_assert(sqi_str_equal(&SQI_AT(&b->chunk[0].col[0], sqi_str, 0), &abcd));
    sqi_batch_unref(b);
    make(&t, "vu", 1, 2);
    t.buffer[1] = inside;
    refuse(&t);
    teardown();
}
END_TEST

START_TEST(lists_must_stay_inside_their_child)
{
    setup();
    static const struct {
        int32_t offset[3];
        bool fine;
    } cases[] = {{{0, 2, 4}, true},  {{4, 4, 4}, true},   {{1, 2, 3}, true},          {{0, 2, 5}, false},
                 {{2, 1, 4}, false}, {{-1, 1, 2}, false}, {{0, 2, INT32_MAX}, false}, {{5, 5, 5}, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        table t;
        make_list(&t, "+l", 2, 2, 4);
        t.buffer[1] = cases[i].offset;
        if (cases[i].fine)
            accept(&t);
        else
            refuse(&t);
    }
    static const int32_t sizes[2] = {2, 2}, more[2] = {2, 3}, negative[2] = {2, -1};
    static const int32_t apart[2] = {2, 0}, below[2] = {2, -1}, far[2] = {2, 3};
    const struct {
        const int32_t *offset, *size;
        bool fine;
    } views[] = {{apart, sizes, true},  {apart, more, true}, {apart, negative, false},
                 {below, sizes, false}, {far, sizes, false}, {apart, NULL, false}};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        table t;
        make_list(&t, "+vl", 2, 3, 4);
        t.buffer[1] = views[i].offset;
        t.buffer[2] = views[i].size;
        if (views[i].fine)
            accept(&t);
        else
            refuse(&t);
    }
    for (int64_t items = 3; items < 5; items++) {
        table t;
        make_list(&t, "+w:2", 2, 1, items);
        if (items == 4)
            accept(&t);
        else
            refuse(&t);
    }
    table t;
    make_list(&t, "+w:999999999", 5, 1, 4);
    ck_assert_ptr_null(take(&t, STREAMQ_ERR_LIMIT, SQI_COND_LIMIT_EXCEEDED));
    make_list(&t, "+l", 2, 2, 4);
    t.buffer[1] = cases[0].offset;
    t.item_list[0] = NULL;
    refuse(&t);
    teardown();
}
END_TEST

START_TEST(maps_have_entries_and_keys)
{
    setup();
    static const int32_t offset[3] = {0, 1, 3};
    uint8_t bits = 5;
    table t;
#define WITH(change)      \
    make_map(&t, 3);      \
    t.buffer[1] = offset; \
    change
    WITH(accept(&t));
    WITH(t.key_buffer[0] = &bits; t.key.null_count = 1;
         ck_assert_ptr_null(take(&t, STREAMQ_ERR_DATA, SQI_COND_NULL_MAP_KEY)));
    WITH(t.item_buffer[0] = &bits; t.item.null_count = 1; refuse(&t));
    WITH(t.value_buffer[0] = &bits; t.value.null_count = 1; accept(&t));
    WITH(t.key.length = 2; refuse(&t));
    WITH(t.item.n_children = 1; refuse(&t));
    WITH(t.item_schema.n_children = 1; refuse(&t));
    WITH(t.item_schema.format = "i"; t.item_schema.n_children = 0; refuse(&t));
#undef WITH
    teardown();
}
END_TEST

START_TEST(indexes_must_be_in_their_dictionary)
{
    setup();
    int32_t words[3] = {0, 1, 3};
    static const struct {
        int8_t index[2];
        bool fine;
    } cases[] = {{{0, 1}, true}, {{1, 2}, false}, {{-1, 0}, false}};
    for (size_t i = 0; i < 3; i++) {
        table t;
        make(&t, "c", 2, 2);
        struct ArrowSchema values = schema_of("u", "");
        const void *buffers[3] = {NULL, words, "abc"};
        t.column_schema.dictionary = &values;
        t.dictionary = array_of(2, 3, buffers);
        t.column.dictionary = &t.dictionary;
        t.buffer[1] = cases[i].index;
        if (cases[i].fine)
            accept(&t);
        else
            refuse(&t);
        if (i)
            continue;
        make(&t, "c", 2, 2);
        t.column_schema.dictionary = &values;
        t.buffer[1] = cases[i].index;
        refuse(&t); /* the dictionary is not there */
    }
    teardown();
}
END_TEST

START_TEST(bitmaps_are_read_to_the_last_byte_and_no_further)
{
    setup();
    int32_t data[40];
    for (int32_t i = 0; i < 40; i++)
        data[i] = i;
    for (int64_t offset = 0; offset < 20; offset++)
        for (int64_t n = 1; n < 20; n++) {
            size_t bytes = (size_t)(offset + n + 7) / 8;
            uint8_t *bits = malloc(bytes);
            for (size_t b = 0; b < bytes; b++)
                bits[b] = (uint8_t)(0x5a + 37 * b);
            table t;
            make(&t, "i", n, 2);
            t.column.offset = offset;
            t.column.null_count = -1;
            t.buffer[0] = bits;
            t.buffer[1] = data;
            sqi_batch *b = take(&t, STREAMQ_OK, SQI_COND_NONE);
            for (uint32_t k = 0; k < n; k++) {
                int64_t i = offset + k;
                ck_assert_int_eq(sqi_vec_valid(&b->chunk[0].col[0], k), bits[i / 8] >> i % 8 & 1);
                ck_assert_int_eq(SQI_AT(&b->chunk[0].col[0], int32_t, k), i);
            }
            sqi_batch_unref(b);
            free(bits);
        }
    teardown();
}
END_TEST

START_TEST(unaligned_values_are_copied)
{
    setup();
    char *raw = malloc(3 * 8 + 1);
    int64_t value[3] = {1, -2, INT64_MAX};
    memcpy(raw + 1, value, sizeof value);
    table t;
    make(&t, "l", 3, 2);
    t.buffer[1] = raw + 1;
    sqi_batch *b = take(&t, STREAMQ_OK, SQI_COND_NONE);
    ck_assert_uint_eq((uintptr_t)b->chunk[0].col[0].data % 8, 0);
    ck_assert_mem_eq(b->chunk[0].col[0].data, value, sizeof value);
    sqi_batch_unref(b);
    free(raw);
    teardown();
}
END_TEST

START_TEST(values_that_do_not_fit_their_type_are_data_errors_unless_null)
{
    setup();
    int64_t seconds[2] = {5, INT64_MAX};
    sqi_int128 decimal[2] = {999, 1000};
    uint8_t bits = 1;
    for (int null = 0; null < 2; null++)
        for (int which = 0; which < 2; which++) {
            table t;
            make(&t, which ? "d:3,1" : "tss:", 2, 2);
            t.buffer[0] = null ? &bits : NULL;
            t.buffer[1] = which ? (const void *)decimal : seconds;
            t.column.null_count = null;
            if (null)
                accept(&t);
            else
                ck_assert_ptr_null(take(&t, STREAMQ_ERR_DATA, SQI_COND_CAST_OVERFLOW));
        }
    teardown();
}
END_TEST

/* A null struct hides a timestamp that would not fit: it is not looked at. */
START_TEST(what_a_null_struct_hides_is_null)
{
    setup();
    static int64_t seconds[2] = {5, INT64_MAX};
    uint8_t bits = 1;
    table t;
    make_list(&t, "+s", 2, 1, 2);
    t.item_schema.format = "tss:";
    t.item_buffer[1] = seconds;
    t.buffer[0] = &bits;
    t.column.null_count = 1;
    sqi_batch *b = take(&t, STREAMQ_OK, SQI_COND_NONE);
    const sqi_vec *v = &b->chunk[0].col[0];
    ck_assert(sqi_vec_valid(v, 0) && !sqi_vec_valid(v, 1) && !sqi_vec_valid(&v->child[0], 1));
    ck_assert_int_eq(SQI_AT(&v->child[0], int64_t, 0), 5000000);
    sqi_batch_unref(b);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        counts_and_lengths_that_do_not_fit_are_refused,
        a_null_row_of_the_table_itself_is_refused,
        offsets_of_strings_must_ascend_from_zero,
        views_must_point_into_their_buffers,
        lists_must_stay_inside_their_child,
        maps_have_entries_and_keys,
        indexes_must_be_in_their_dictionary,
        bitmaps_are_read_to_the_last_byte_and_no_further,
        unaligned_values_are_copied,
        values_that_do_not_fit_their_type_are_data_errors_unless_null,
        what_a_null_struct_hides_is_null,
    };
    return sqi_test_main("data_arrow_import", tests, sizeof tests / sizeof *tests);
}
