/* Batches own what they keep; slices are windows on chunks. */
#include "data_batch.h"
#include "data_bench.h"
#include "data_order.h"
#include "fail_alloc.h"
#include "random_vec.h"

enum { N = 200 };

/* Three columns of types that differ with the round, one of them constant now and then, weights now and then. */
static void draw(sqi_random *r, unsigned round, sqi_chunk *chunk, sqi_schema *schema, sqi_arena *a)
{
    sqi_field *field = sqi_arena_array(a, 3, sizeof *field);
    int64_t *weight = sqi_arena_array(a, N, sizeof *weight);
    *chunk = (sqi_chunk){.n = N, .ncol = 3, .col = sqi_arena_array(a, 3, sizeof(sqi_vec))};
    for (uint32_t c = 0; c < 3; c++) {
        field[c] = (sqi_field){SQI_SPAN("column"), sqi_every_type(pool, (round * 3 + c) % 26), true};
        sqi_random_vec(r, &chunk->col[c], field[c].type, N, round % 2, a);
    }
    if (round % 4 == 3)
        sqi_vec_set_constant(&chunk->col[1]);
    for (uint32_t i = 0; i < N; i++)
        weight[i] = sqi_random_below(r, 2) ? 1 : -1;
    chunk->weight = round % 3 ? weight : NULL;
    chunk->rows = round % 5 ? sqi_random_rows(r, N, a) : (sqi_rows){NULL, N};
    *schema = (sqi_schema){3, field};
}

static uint32_t row_of(sqi_rows rows, uint32_t k)
{
    return rows.sel ? rows.sel[k] : k;
}

/* Row k of `a` is row `at` + k of `b`. */
static void same_rows(const sqi_chunk *a, const sqi_chunk *b, uint32_t at)
{
    ck_assert_uint_eq(a->ncol, b->ncol);
    for (uint32_t k = 0; k < a->rows.n; k++) {
        uint32_t i = row_of(a->rows, k), j = row_of(b->rows, at + k);
        ck_assert_uint_lt(i, a->n);
        for (uint32_t c = 0; c < a->ncol; c++)
            ck_assert(sqi_order_equal(&a->col[c], i, &b->col[c], j));
        ck_assert_int_eq(a->weight ? a->weight[i] : 1, b->weight ? b->weight[j] : 1);
    }
}

START_TEST(an_appended_chunk_outlives_its_memory)
{
    setup();
    sqi_random r = {1};
    for (unsigned round = 0; round < 40; round++) {
        sqi_arena source;
        sqi_arena_init(&source, &alloc);
        sqi_random replay = r;
        sqi_chunk chunk, same;
        sqi_schema schema;
        draw(&replay, round, &same, &schema, &arena);
        draw(&r, round, &chunk, &schema, &source);
        sqi_batch *b = sqi_batch_new(&alloc, &schema, NULL);
        ck_assert_int_eq(sqi_batch_append(b, &chunk, NULL), STREAMQ_OK);
        ck_assert_int_eq(sqi_batch_append(b, &chunk, NULL), STREAMQ_OK);
        sqi_arena_fini(&source);
        ck_assert_uint_eq(b->nchunk, 2);
        ck_assert_uint_eq(b->rows, 2 * same.rows.n);
        ck_assert_uint_eq(b->schema.n, 3);
        for (int i = 0; i < 2; i++) {
            ck_assert_ptr_null(b->chunk[i].rows.sel);
            same_rows(&b->chunk[i], &same, 0);
        }
        sqi_batch_unref(b);
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

static void count_release(void *thing)
{
    ++*(int *)thing;
}

START_TEST(what_is_kept_goes_with_the_last_reference)
{
    setup();
    int released = 0;
    sqi_schema none = {0};
    sqi_batch *b = sqi_batch_new(&alloc, &none, NULL);
    ck_assert_int_eq(sqi_batch_keep(b, count_release, &released, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_batch_keep(b, count_release, &released, NULL), STREAMQ_OK);
    ck_assert_ptr_eq(sqi_batch_ref(b), b);
    sqi_batch_unref(b);
    ck_assert_int_eq(released, 0);
    sqi_batch_unref(b);
    ck_assert_int_eq(released, 2);
    sqi_batch_unref(NULL);
    teardown();
}
END_TEST

START_TEST(shared_chunks_copy_headers_only)
{
    setup();
    sqi_random r = {2};
    sqi_chunk chunk;
    sqi_schema schema;
    draw(&r, 1, &chunk, &schema, &arena);
    sqi_batch *b = sqi_batch_new(&alloc, &schema, NULL);
    ck_assert_int_eq(sqi_batch_append_shared(b, &chunk, NULL), STREAMQ_OK);
    ck_assert_ptr_ne(b->chunk[0].col, chunk.col);
    ck_assert_ptr_eq(b->chunk[0].col[0].data, chunk.col[0].data);
    same_rows(&b->chunk[0], &chunk, 0);
    sqi_batch_unref(b);
    teardown();
}
END_TEST

START_TEST(slices_are_the_rows_asked_for_in_few_positions)
{
    setup();
    sqi_random r = {3};
    for (unsigned round = 0; round < 60; round++) {
        sqi_chunk chunk, out;
        sqi_schema schema;
        draw(&r, round, &chunk, &schema, &arena);
        uint32_t step = 1 + sqi_random_below(&r, 90), seen = 0;
        for (uint32_t at = 0; at < chunk.rows.n; at += step) {
            uint32_t n = chunk.rows.n - at < step ? chunk.rows.n - at : step;
            ck_assert_int_eq(sqi_chunk_slice(&out, &chunk, at, n, &arena, NULL), STREAMQ_OK);
            ck_assert_uint_eq(out.rows.n, n);
            same_rows(&out, &chunk, at);
            uint32_t span = row_of(chunk.rows, at + n - 1) - row_of(chunk.rows, at) + 1;
            ck_assert_uint_le(out.n, chunk.rows.sel ? span + 63 : chunk.n);
            seen += n;
        }
        ck_assert_uint_eq(seen, chunk.rows.n);
        ck_assert_int_eq(sqi_chunk_slice(&out, &chunk, chunk.rows.n, 0, &arena, NULL), STREAMQ_OK);
        ck_assert_uint_eq(out.rows.n, 0);
        sqi_arena_reset(&arena);
    }
    teardown();
}
END_TEST

static streamq_status fill(sqi_alloc *a, void *context, streamq_error **err)
{
    const sqi_chunk *chunk = context;
    sqi_field field[3] = {{SQI_SPAN("a"), chunk->col[0].type, true},
                          {SQI_SPAN("b"), chunk->col[1].type, true},
                          {SQI_SPAN("c"), chunk->col[2].type, true}};
    sqi_schema schema = {3, field};
    int released = 0, kept = 0;
    sqi_batch *b = sqi_batch_new(a, &schema, err);
    if (!b)
        return STREAMQ_ERR_NOMEM;
    streamq_status status = STREAMQ_OK;
    for (int i = 0; i < 5 && status == STREAMQ_OK; i++) {
        status = sqi_batch_append(b, chunk, err);
        if (status != STREAMQ_OK)
            break;
        kept++;
        status = sqi_batch_keep(b, count_release, &released, err);
    }
    sqi_batch_unref(b);
    ck_assert_int_eq(released, kept);
    return status;
}

START_TEST(a_batch_survives_the_failure_of_any_allocation)
{
    setup();
    sqi_random r = {4};
    for (unsigned round = 6; round < 9; round++) {
        sqi_chunk chunk;
        sqi_schema schema;
        draw(&r, round, &chunk, &schema, &arena);
        ck_assert_uint_gt(sqi_test_every_allocation(fill, &chunk), 2);
    }
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_appended_chunk_outlives_its_memory, what_is_kept_goes_with_the_last_reference,
                                  shared_chunks_copy_headers_only, slices_are_the_rows_asked_for_in_few_positions,
                                  a_batch_survives_the_failure_of_any_allocation};
    return sqi_test_main("data_batch", tests, sizeof tests / sizeof *tests);
}
