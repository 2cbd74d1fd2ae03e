/* Batches through the Arrow interfaces and back: every type, nulls, selections, lifetimes, failures. */
#include "data_arrow.h"
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

enum { N = 100, COLUMNS = 2 };

/* Two columns, the second constant now and then, with or without a selection. */
static void draw(sqi_random *r, const sqi_type *first, unsigned round, sqi_chunk *chunk, sqi_schema *schema)
{
    sqi_field *field = sqi_arena_array(&arena, COLUMNS, sizeof *field);
    *chunk = (sqi_chunk){.n = N, .ncol = COLUMNS, .col = sqi_arena_array(&arena, COLUMNS, sizeof(sqi_vec))};
    field[0] = (sqi_field){SQI_SPAN("first"), first, true};
    field[1] = (sqi_field){SQI_SPAN("Zweite"), sqi_random_type(r, pool, 2, true), true};
    for (uint32_t c = 0; c < COLUMNS; c++)
        sqi_random_vec(r, &chunk->col[c], field[c].type, N, round % 2, &arena);
    if (round % 4 == 1)
        sqi_vec_set_constant(&chunk->col[1]);
    chunk->rows = round % 3 ? sqi_random_rows(r, N, &arena) : (sqi_rows){NULL, N};
    *schema = (sqi_schema){COLUMNS, field};
}

/* Intervals between years and months, or days and seconds, have no finer distinction in Arrow. */
static void same_rows(const sqi_batch *b, const sqi_chunk *want)
{
    uint32_t k = 0;
    ck_assert_uint_eq(b->rows, want->rows.n);
    for (size_t c = 0; c < b->nchunk; c++)
        for (SQI_EACH(b->chunk[c].rows, m, j)) {
            uint32_t i = want->rows.sel ? want->rows.sel[k] : k;
            for (uint32_t col = 0; col < want->ncol; col++)
                ck_assert(sqi_order_equal(&b->chunk[c].col[col], j, &want->col[col], i));
            k++;
        }
    ck_assert_uint_eq(k, want->rows.n);
}

static sqi_batch *import(const sqi_schema *want, struct ArrowArray *array, struct ArrowSchema *schema)
{
    sqi_batch *b;
    streamq_error *err = NULL;
    streamq_status status = sqi_arrow_import_batch(&alloc, pool, want, array, schema, &b, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s", sqi_error_message(err));
    ck_assert_ptr_null(array->release);
    schema->release(schema);
    return b;
}

START_TEST(every_type_goes_out_and_comes_back)
{
    setup();
    sqi_random r = {1};
    for (unsigned round = 0; round < 150; round++) {
        const sqi_type *type = round < 52 ? sqi_every_type(pool, round % 26) : sqi_random_type(&r, pool, 3, true);
        sqi_chunk chunk;
        sqi_schema schema, read;
        struct ArrowArray array;
        struct ArrowSchema arrow;
        draw(&r, type, round, &chunk, &schema);
        ck_assert_int_eq(sqi_arrow_export_schema(&schema, &arrow, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_arrow_export_chunk(&alloc, &schema, &chunk, &array, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_arrow_import_schema(&arrow, pool, &arena, &read, NULL), STREAMQ_OK);
        ck_assert_uint_eq(read.n, COLUMNS);
        for (uint32_t c = 0; c < COLUMNS; c++) {
            ck_assert(sqi_span_equal(read.field[c].name, schema.field[c].name));
            ck_assert(sqi_type_same(read.field[c].type, schema.field[c].type));
        }
        sqi_batch *b = import(&schema, &array, &arrow);
        same_rows(b, &chunk);
        sqi_batch_unref(b);
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(chunks_of_a_batch_become_one_array_or_one_stream)
{
    setup();
    sqi_random r = {2};
    for (unsigned round = 0; round < 52; round++) {
        sqi_chunk chunk, whole;
        sqi_schema schema;
        draw(&r, sqi_every_type(pool, round % 26), round, &chunk, &schema);
        sqi_batch *b = sqi_batch_new(&alloc, &schema, NULL);
        uint32_t *twice = sqi_arena_array(&arena, 2 * N, sizeof *twice);
        whole = chunk;
        whole.rows = (sqi_rows){twice, 2 * chunk.rows.n};
        for (uint32_t k = 0; k < 2 * chunk.rows.n; k++)
            twice[k] = chunk.rows.sel ? chunk.rows.sel[k % chunk.rows.n] : k % chunk.rows.n;
        ck_assert_int_eq(sqi_batch_append(b, &chunk, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_batch_append_shared(b, &chunk, NULL), STREAMQ_OK);

        struct ArrowArray array;
        struct ArrowSchema arrow;
        ck_assert_int_eq(sqi_arrow_export_batch(b, &array, &arrow, NULL), STREAMQ_OK);
        ck_assert_int_eq(array.length, 2 * chunk.rows.n);
        sqi_batch *back = import(&schema, &array, &arrow);
        same_rows(back, &whole);
        sqi_batch_unref(back);

        struct ArrowArrayStream stream;
        ck_assert_int_eq(sqi_arrow_export_stream(b, &stream, NULL), STREAMQ_OK);
        sqi_batch_unref(b);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(stream.get_schema(&stream, &arrow), 0);
            ck_assert_int_eq(stream.get_next(&stream, &array), 0);
            if (i == 2) {
                ck_assert_ptr_null(array.release);
                arrow.release(&arrow);
                break;
            }
            back = import(&schema, &array, &arrow);
            same_rows(back, &chunk);
            sqi_batch_unref(back);
        }
        ck_assert_ptr_null(stream.get_last_error(&stream));
        stream.release(&stream);
        ck_assert_ptr_null(stream.release);
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

START_TEST(an_empty_batch_is_an_array_of_no_rows)
{
    setup();
    sqi_field field = {SQI_SPAN("x"), sqi_every_type(pool, 24), true};
    sqi_schema schema = {1, &field}, none = {0};
    struct ArrowArray array;
    struct ArrowSchema arrow;
    for (int i = 0; i < 2; i++) {
        sqi_batch *b = sqi_batch_new(&alloc, i ? &schema : &none, NULL);
        ck_assert_int_eq(sqi_arrow_export_batch(b, &array, &arrow, NULL), STREAMQ_OK);
        ck_assert_int_eq(array.length, 0);
        ck_assert_int_eq(array.n_children, i);
        sqi_batch *back = import(i ? &schema : &none, &array, &arrow);
        ck_assert_uint_eq(back->rows, 0);
        sqi_batch_unref(back);
        sqi_batch_unref(b);
    }
    teardown();
}
END_TEST

START_TEST(a_child_may_be_moved_out_and_outlives_its_parent)
{
    setup();
    sqi_random r = {3};
    sqi_chunk chunk;
    sqi_schema schema;
    struct ArrowArray array, child;
    draw(&r, &sqi_type_string, 0, &chunk, &schema);
    sqi_fail_alloc f;
    sqi_fail_alloc_init(&f);
    ck_assert_int_eq(sqi_arrow_export_chunk(&f.alloc, &schema, &chunk, &array, NULL), STREAMQ_OK);
    child = *array.children[0];
    array.children[0]->release = NULL;
    array.release(&array);
    ck_assert_ptr_null(array.release);
    const int32_t *offset = child.buffers[1];
    ck_assert_int_eq(child.length, N);
    ck_assert_mem_eq((const char *)child.buffers[2] + offset[3], sqi_str_ptr(&SQI_AT(&chunk.col[0], sqi_str, 3)),
                     (size_t)(offset[4] - offset[3]));
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq((uintptr_t)child.buffers[i] % 64, 0);
    child.release(&child);
    sqi_fail_alloc_assert_clean(&f);
    teardown();
}
END_TEST

START_TEST(what_nulls_hide_is_not_given_away)
{
    setup();
    int64_t value[3] = {7, INT64_MAX, 9};
    uint64_t valid = 5;
    sqi_vec v = {.type = &sqi_type_bigint, .data = value, .valid = &valid, .mask = UINT32_MAX};
    sqi_chunk chunk = {.n = 3, .ncol = 1, .rows = {NULL, 3}, .col = &v};
    sqi_field field = {SQI_SPAN("x"), v.type, true};
    struct ArrowArray array;
    ck_assert_int_eq(sqi_arrow_export_chunk(&alloc, &(sqi_schema){1, &field}, &chunk, &array, NULL), STREAMQ_OK);
    const int64_t *out = array.children[0]->buffers[1];
    ck_assert_int_eq(array.children[0]->null_count, 1);
    ck_assert_int_eq(*(const uint8_t *)array.children[0]->buffers[0], 5);
    ck_assert_int_eq(out[0], 7);
    ck_assert_int_eq(out[1], 0);
    ck_assert_int_eq(out[2], 9);
    array.release(&array);
    teardown();
}
END_TEST

START_TEST(an_interval_beyond_nanoseconds_is_an_error)
{
    setup();
    sqi_interval value = {1, 2, INT64_MAX};
    sqi_vec v = {.type = &sqi_type_interval, .data = &value, .mask = UINT32_MAX};
    sqi_chunk chunk = {.n = 1, .ncol = 1, .rows = {NULL, 1}, .col = &v};
    sqi_field field = {SQI_SPAN("x"), v.type, true};
    struct ArrowArray array;
    streamq_error *err = NULL;
    ck_assert_int_eq(sqi_arrow_export_chunk(&alloc, &(sqi_schema){1, &field}, &chunk, &array, &err), STREAMQ_ERR_DATA);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INTERVAL_ARITHMETIC_OVERFLOW__WITHOUT_SUGGESTION);
    sqi_error_free(err);
    teardown();
}
END_TEST

/* One long text in many rows: more bytes than 32-bit offsets reach, without having them. */
START_TEST(text_beyond_32_bit_offsets_is_told_before_it_is_copied)
{
    setup();
    enum { LENGTH = 1 << 20, ROWS = 4096 };
    char *text = sqi_arena_zero(&arena, LENGTH);
    sqi_str value = sqi_str_view(text, LENGTH);
    sqi_vec v = {.type = &sqi_type_string, .data = &value, .mask = 0};
    sqi_chunk chunk = {.n = ROWS, .ncol = 1, .rows = {NULL, ROWS}, .col = &v};
    sqi_field field = {SQI_SPAN("x"), v.type, true};
    sqi_schema schema = {1, &field};
    struct ArrowArray array;
    struct ArrowSchema arrow;
    ck_assert_int_eq(sqi_arrow_export_chunk(&alloc, &schema, &chunk, &array, NULL), STREAMQ_ERR_LIMIT);
    sqi_batch *b = sqi_batch_new(&alloc, &schema, NULL);
    ck_assert_int_eq(sqi_batch_append_shared(b, &chunk, NULL), STREAMQ_OK);
    struct ArrowArrayStream stream;
    ck_assert_int_eq(sqi_arrow_export_stream(b, &stream, NULL), STREAMQ_OK);
    ck_assert_int_eq(stream.get_schema(&stream, &arrow), 0);
    ck_assert_str_eq(arrow.children[0]->format, "U");
    arrow.release(&arrow);
    stream.release(&stream);
    sqi_batch_unref(b);
    teardown();
}
END_TEST

START_TEST(a_large_array_is_cut_into_chunks)
{
    setup();
    enum { ROWS = SQI_CHUNK_ROWS_MAX * 2 + 100 };
    int32_t *value = sqi_arena_array(&arena, ROWS, sizeof *value);
    for (int32_t i = 0; i < ROWS; i++)
        value[i] = i;
    sqi_vec v = {.type = &sqi_type_int, .data = value, .mask = UINT32_MAX};
    sqi_chunk chunk = {.n = ROWS, .ncol = 1, .rows = {NULL, ROWS}, .col = &v};
    sqi_field field = {SQI_SPAN("x"), v.type, true};
    sqi_schema schema = {1, &field};
    struct ArrowArray array;
    struct ArrowSchema arrow;
    ck_assert_int_eq(sqi_arrow_export_schema(&schema, &arrow, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_arrow_export_chunk(&alloc, &schema, &chunk, &array, NULL), STREAMQ_OK);
    const void *data = array.children[0]->buffers[1];
    sqi_batch *b = import(&schema, &array, &arrow);
    ck_assert_uint_eq(b->nchunk, 3);
    ck_assert_ptr_eq(b->chunk[0].col[0].data, data); /* not copied */
    ck_assert_uint_eq(b->chunk[2].rows.n, 100);
    ck_assert_int_eq(SQI_AT(&b->chunk[2].col[0], int32_t, 99), ROWS - 1);
    sqi_batch_unref(b);
    teardown();
}
END_TEST

typedef struct material {
    sqi_chunk chunk;
    sqi_schema schema;
} material;

static streamq_status there_and_back(sqi_alloc *a, void *context, streamq_error **err)
{
    material *m = context;
    struct ArrowArray array = {0};
    struct ArrowSchema arrow = {0};
    sqi_batch *b = sqi_batch_new(a, &m->schema, err), *back = NULL;
    streamq_status status = b ? sqi_batch_append(b, &m->chunk, err) : STREAMQ_ERR_NOMEM;
    if (status == STREAMQ_OK)
        status = sqi_batch_append_shared(b, &m->chunk, err);
    if (status == STREAMQ_OK)
        status = sqi_arrow_export_batch(b, &array, &arrow, err);
    if (status == STREAMQ_OK)
        status = sqi_arrow_import_batch(a, pool, &m->schema, &array, &arrow, &back, err);
    ck_assert_int_eq(back != NULL, status == STREAMQ_OK);
    if (array.release)
        array.release(&array);
    if (arrow.release)
        arrow.release(&arrow);
    sqi_batch_unref(back);
    sqi_batch_unref(b);
    return status;
}

START_TEST(both_ways_survive_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {4};
    for (unsigned i = 15; i < 26; i++) {
        material m;
        draw(&r, sqi_every_type(pool, i), i, &m.chunk, &m.schema);
        ck_assert_uint_gt(sqi_test_every_allocation(there_and_back, &m), 5);
    }
    teardown();
}
END_TEST

static streamq_status stream_all(sqi_alloc *a, void *context, streamq_error **err)
{
    material *m = context;
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    sqi_batch *b = sqi_batch_new(a, &m->schema, err);
    streamq_status status = b ? sqi_batch_append(b, &m->chunk, err) : STREAMQ_ERR_NOMEM;
    if (status == STREAMQ_OK)
        status = sqi_arrow_export_stream(b, &stream, err);
    sqi_batch_unref(b);
    if (status != STREAMQ_OK)
        return status;
    do {
        int code = stream.get_next(&stream, &array);
        if (code) {
            ck_assert_ptr_nonnull(stream.get_last_error(&stream));
            ck_assert_int_eq(code, 12); /* ENOMEM */
            status = sqi_error_nomem(err);
            break;
        }
        if (!array.release)
            break;
        array.release(&array);
    } while (true);
    stream.release(&stream);
    return status;
}

START_TEST(a_stream_reports_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {5};
    material m;
    draw(&r, sqi_every_type(pool, 24), 2, &m.chunk, &m.schema);
    ck_assert_uint_gt(sqi_test_every_allocation(stream_all, &m), 5);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_type_goes_out_and_comes_back,
        chunks_of_a_batch_become_one_array_or_one_stream,
        an_empty_batch_is_an_array_of_no_rows,
        a_child_may_be_moved_out_and_outlives_its_parent,
        what_nulls_hide_is_not_given_away,
        an_interval_beyond_nanoseconds_is_an_error,
        text_beyond_32_bit_offsets_is_told_before_it_is_copied,
        a_large_array_is_cut_into_chunks,
        both_ways_survive_the_failure_of_any_allocation,
        a_stream_reports_the_failure_of_any_allocation,
    };
    return sqi_test_main("data_arrow", tests, sizeof tests / sizeof *tests);
}
