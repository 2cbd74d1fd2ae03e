/* Saved state read without the query: the shape and the blocks give the rows that the query would have given. */
#include <stdlib.h>

#include "data_text.h"
#include "op_state_read.h"
#include "state_rig.h"
#include "test_main.h"

static const char schema[] =
    "k STRING, d DOUBLE, v INT, n DECIMAL(20,2), s STRING, a ARRAY<INT>, t STRUCT<`x y`: DATE>";
static const char rows[] = "'a', 1.5D, 1, 1.25, 'x', array(1), named_struct('x y', DATE'2024-02-29')\n"
                           "'b', 0.1D, 2, NULL, 'text that is longer than a view', NULL, NULL\n"
                           "'a', 0.2D, 3, -7, NULL, array(1, NULL), named_struct('x y', NULL)\n"
                           "NULL, DOUBLE('NaN'), 4, 0, 'y', array(), named_struct('x y', DATE'1960-01-01')";

static const char *const aggregates[] = {
    "count(*), count(v), count(1), count(d, v), count_if(v > 1)",
    "sum(v), avg(v), min(v), max(v), mean(v), sum(d), sum(n), avg(n), try_sum(v), try_avg(n)",
    "min(s), max(a), max(t), first(s), last_value(v), first(v) IGNORE NULLS, any_value(t), min_by(s, v), max_by(a, d)",
    "collect_list(v), array_agg(t), collect_set(a), mode(s), mode(v, true), mode() WITHIN GROUP (ORDER BY d DESC)",
    "listagg(s, ', '), string_agg(s) WITHIN GROUP (ORDER BY v DESC, d NULLS LAST), min_by(s, v, 2), max_by(v, d, 3)",
    "every(v > 2), any(v > 2), bit_and(v), bit_or(v), bit_xor(v), variance(d), std(v), kurtosis(v), skewness(v)",
    "corr(d, v), covar_samp(v, d), regr_slope(v, d), regr_count(v, d), regr_avgx(v, d), regr_sxx(v, d)",
    "percentile(v, 0.5), percentile(d, array(0.1, 0.9)), median(d), percentile(v, 0.5, 2)",
    "percentile_cont(0.3) WITHIN GROUP (ORDER BY v), percentile_disc(0.3) WITHIN GROUP (ORDER BY d DESC)",
    "percentile_approx(v, 0.5, 3), approx_percentile(n, array(0.2, 0.7), 10), histogram_numeric(v, 2)",
    "approx_count_distinct(s), approx_count_distinct(v, 0.2), listagg(s, '\\'\\\\\\n\\t')",
    "max(INTERVAL '1' MONTH * v), sum(INTERVAL '1' MONTH), min(INTERVAL '1' HOUR * v)",
    "max(make_timestamp(2024,1,1,1,1,v))",
    "max(NULL), count(NULL), first(NULL), collect_list(NULL), count(v) FILTER (WHERE d > 1)",
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates };

/* What a reader gives, as an op_rig's lines. */
static const char *read_all(sqi_state_reader *r, sqi_buf *to)
{
    sqi_chunk chunk;
    streamq_error *err = NULL;
    uint32_t nkey;
    const sqi_schema *s = sqi_state_reader_schema(r, &nkey);
    for (;;) {
        ck_assert_msg(sqi_state_reader_next(r, &chunk, &err) == STREAMQ_OK, "%s", err ? sqi_error_message(err) : "");
        if (!chunk.rows.n)
            break;
        ck_assert_uint_eq(chunk.ncol, s->n);
        for (uint32_t i = 0; i < chunk.rows.n; ++i) {
            for (uint32_t c = 0; c < chunk.ncol; ++c) {
                const sqi_vec *v = &chunk.col[c];
                ck_assert(sqi_type_same(v->type, s->field[c].type));
                if (c)
                    sqi_buf_text(to, " | ");
                if (v->type->id == SQI_VOID || !sqi_vec_valid(v, i))
                    sqi_buf_text(to, "NULL");
                else
                    sqi_text_value(to, v, i, sqi_zone_utc(), SQI_TEXT_CAST);
            }
            sqi_buf_byte(to, '\n');
        }
    }
    sqi_buf_byte(to, '\0');
    return to->ptr;
}

static void shape_of(const sqi_state_rig *q, sqi_buf *to)
{
    ck_assert(q->op->type->shape(q->op, to));
}

static void read_back(sqi_state_rig *q, const char *want, const char *names, const char *what)
{
    sqi_saved saved;
    sqi_state_reader *r;
    streamq_error *err = NULL;
    sqi_buf *shape, *text;
    uint32_t nkey;
    sqi_saved_open(&saved);
    shape = sqi_saved_next(&saved);
    text = sqi_saved_next(&saved);
    shape_of(q, shape);
    streamq_status status = sqi_state_reader_new(&r, sqi_buf_view(shape), &q->rig.env, NULL, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s: %.*s: %s", what, (int)shape->len, shape->ptr,
                  err ? sqi_error_message(err) : "");
    for (uint32_t i = 0; i < 2; ++i)
        sqi_state_rig_changes(q, &saved);
    for (uint32_t i = 2; i < saved.n; ++i) {
        status = sqi_state_reader_load(r, sqi_buf_view(&saved.block[i]), &err);
        ck_assert_msg(status == STREAMQ_OK, "%s: %s", what, err ? sqi_error_message(err) : "");
    }
    sqi_same_rows(want, read_all(r, text), what);
    sqi_buf_clear(text);
    for (uint32_t c = 0; c < sqi_state_reader_schema(r, &nkey)->n; ++c) {
        sqi_span name = sqi_state_reader_schema(r, &nkey)->field[c].name;
        sqi_buf_text(text, c ? ", " : "");
        sqi_buf_span(text, name);
    }
    sqi_buf_byte(text, '\0');
    if (names)
        ck_assert_str_eq(text->ptr, names);
    sqi_state_reader_free(r);
    sqi_saved_clear(&saved);
}

START_TEST(groups_are_read_from_shape_and_blocks)
{
    static const char *const keys[] = {"k", "v, a", "", "t", "d + 1, n", "DATE'2024-01-01', struct(k, t)"};
    for (uint32_t a = 0; a < AGGREGATES; ++a)
        for (uint32_t k = 0; k < sizeof keys / sizeof *keys; ++k) {
            sqi_state_rig q;
            sqi_state_rig_open(&q, schema, keys[k], aggregates[a], *keys[k] ? 1 + a % 2 : 1, STREAMQ_COMPLETE, 5);
            const char *want = sqi_state_rig_batch(&q, rows);
            read_back(&q, want, NULL, aggregates[a]);
            sqi_state_rig_close(&q);
        }
}
END_TEST

START_TEST(a_shape_names_what_has_to_be_the_same_and_what_may_differ)
{
    sqi_state_rig q;
    sqi_buf shape;
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&shape, &alloc, 0);
    sqi_state_rig_open(&q, schema, "k, upper(s), t",
                       "count(*), mean(v), std(d), percentile(v, 0.5), first(k) IGNORE NULLS", 1, STREAMQ_UPDATE, 5);
    shape_of(&q, &shape);
    sqi_buf_byte(&shape, '\0');
    ck_assert_str_eq(shape.ptr, "operator\tstateStoreSave\tHashAggregate\n"
                                "key\tSTRING\tk\n"
                                "key\tSTRING\tupper(s)\n"
                                "key\tSTRUCT<`x y`: DATE>\tt\n"
                                "value\tcount(1) v1\tcount(1)\n"
                                "value\tavg(NULL::INT) v1\tmean(v)\n"
                                "value\tstddev(NULL::DOUBLE) v1\tstd(d)\n"
                                "value\tpercentile(NULL::INT, 0.5D) v1\tpercentile(v, 0.5, 1)\n"
                                "value\tfirst(NULL::STRING) IGNORE NULLS v1\tfirst(k)\n");
    read_back(&q, sqi_state_rig_batch(&q, rows),
              "k, upper(s), t, count(1), mean(v), std(d), percentile(v, 0.5, 1), first(k)", "names");
    sqi_buf_fini(&shape);
    sqi_state_rig_close(&q);
}
END_TEST

START_TEST(functions_have_the_names_that_the_state_gives_them)
{
    static const char *const want[] = {"", "count", "avg", "bytes_of_mine"};
    const sqi_span shape = SQI_SPAN("operator\tstateStoreSave\tHashAggregate\nkey\tINT\tk\nvalue\tcount(1) v1\tn\n"
                                    "value\tavg(NULL::INT) v1\tmean(v)\nvalue\tbytes_of_mine(NULL::INT) v1 of 8\tm\n");
    sqi_state_rig q;
    sqi_state_reader *r;
    sqi_state_rig_open(&q, schema, "k", "count(*)", 1, STREAMQ_UPDATE, 5);
    ck_assert_int_eq(sqi_state_reader_new(&r, shape, &q.rig.env, NULL, NULL), STREAMQ_OK);
    ck_assert_str_eq(sqi_state_reader_operator(r), "stateStoreSave");
    for (uint32_t i = 0; i < 4; ++i)
        ck_assert(sqi_span_equal(sqi_state_reader_function(r, i), sqi_span_of(want[i])));
    sqi_state_reader_free(r);
    sqi_state_rig_close(&q);
}
END_TEST

START_TEST(keys_and_limits_are_read)
{
    static const uint32_t key[] = {0, 6};
    sqi_state_rig q;
    sqi_state_rig_begin(&q, schema, STREAMQ_APPEND, 3);
    const sqi_op_dedup_params dedup = {key, 2, &q.rig.schema};
    q.op = sqi_rig_add(&q.rig, &sqi_op_dedup, &dedup, 1);
    sqi_state_rig_batch(&q, rows);
    read_back(&q, "a | {2024-02-29}\nb | NULL\na | {null}\nNULL | {1960-01-01}\n", "k, t", "dedup");
    sqi_state_rig_close(&q);
    sqi_state_rig_begin(&q, schema, STREAMQ_APPEND, 3);
    const sqi_op_limit_params limit = {3, 2, true};
    q.op = sqi_rig_add(&q.rig, &sqi_op_limit, &limit, 1);
    sqi_state_rig_batch(&q, rows);
    read_back(&q, "4\n", "count", "limit");
    sqi_state_rig_close(&q);
}
END_TEST

static streamq_status read_text(sqi_span shape, sqi_span block, sqi_buf *text, streamq_error **err)
{
    sqi_state_rig q;
    sqi_state_reader *r;
    sqi_state_rig_begin(&q, schema, STREAMQ_COMPLETE, 3);
    streamq_status status = sqi_state_reader_new(&r, shape, &q.rig.env, NULL, err);
    if (status == STREAMQ_OK)
        status = sqi_state_reader_load(r, block, err);
    if (status == STREAMQ_OK)
        read_all(r, text);
    sqi_state_reader_free(r);
    sqi_state_rig_close(&q);
    return status;
}

START_TEST(an_aggregate_of_a_program_that_is_not_here_shows_its_bytes)
{
    static const char block[] = "\1\2\13\0\0\0\0\2\1\5\6abcdef"; /* two rows: 5 abc, 6 def */
    sqi_buf text;
    sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&text, &alloc, 0);
    sqi_span shape = SQI_SPAN("operator\tstateStoreSave\tHashAggregate\nkey\tINT\tk\n"
                              "value\tmine(NULL::INT) v1 of 3 bytes\tmine(v)\n");
    ck_assert_int_eq(read_text(shape, (sqi_span){block, sizeof block - 1}, &text, NULL), STREAMQ_OK);
    ck_assert_str_eq(text.ptr, "5 | abc\n6 | def\n");
    sqi_buf_fini(&text);
}
END_TEST

START_TEST(a_shape_that_is_none_is_refused)
{
    static const char *const bad[] = {"",
                                      "operator",
                                      "operator\tstateStoreSave\tx",
                                      "operator\tjoin\tx\n",
                                      "key\tINT\tk\n",
                                      "operator\tstateStoreSave\tx\nkey\tNUMBER\tk\n",
                                      "operator\tstateStoreSave\tx\nkey\t\tk\n",
                                      "operator\tstateStoreSave\tx\nvalue\tsum(NULL::INT)\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tsum(NULL::INT) v2\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tmean(NULL::INT) v1\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tsum(NULL::INT) + 1 v1\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\texplode(array(1)) v1\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tsum((SELECT 1)) v1\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tnone(1) v1 of 99999999999 bytes\ts\n",
                                      "operator\tstateStoreSave\tx\nvalue\tcount(1) v1\tc\nkey\tINT\tk\n",
                                      "operator\tglobalLimit\tx\nkey\tINT\tk\n",
                                      "operator\tdedupe\tx\nvalue\tcount(1) v1\tc\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        streamq_error *err = NULL;
        ck_assert_msg(read_text(sqi_span_of(bad[i]), SQI_SPAN(""), NULL, &err) == STREAMQ_ERR_IO, "%s", bad[i]);
        ck_assert_int_eq(sqi_error_cond(err), SQI_COND_CHECKPOINT_CORRUPT);
        sqi_error_free(err);
    }
}
END_TEST

typedef struct life {
    sqi_alloc plain;
    sqi_rig rig;
    sqi_buf shape, block;
} life;

static streamq_status whole_life(sqi_alloc *heap, void *context, streamq_error **err)
{
    life *l = context;
    sqi_state_reader *r;
    sqi_chunk chunk = {.n = 1, .rows = {NULL, 1}};
    sqi_op_env env = l->rig.env;
    env.alloc = heap;
    streamq_status status = sqi_state_reader_new(&r, sqi_buf_view(&l->shape), &env, NULL, err);
    if (status == STREAMQ_OK)
        status = sqi_state_reader_load(r, sqi_buf_view(&l->block), err);
    while (status == STREAMQ_OK && chunk.rows.n)
        status = sqi_state_reader_next(r, &chunk, err);
    sqi_state_reader_free(r);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    for (uint32_t a = 0; a < AGGREGATES; ++a) {
        life l;
        streamq_error *err = NULL;
        sqi_alloc_init(&l.plain);
        sqi_rig_open(&l.rig, &l.plain, schema);
        l.rig.env.durable = true;
        sqi_buf_init(&l.shape, &l.plain, 0);
        sqi_buf_init(&l.block, &l.plain, 0);
        sqi_op *op = sqi_rig_add_group(&l.rig, "k, t", aggregates[a]);
        sqi_rig_batch(&l.rig, rows, true);
        ck_assert(op->type->shape(op, &l.shape));
        ck_assert_int_eq(op->type->save_changes(op, &l.block, &err), STREAMQ_OK);
        ck_assert_uint_ge(sqi_test_every_allocation(whole_life, &l), 10);
        sqi_buf_fini(&l.shape);
        sqi_buf_fini(&l.block);
        sqi_rig_close(&l.rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {groups_are_read_from_shape_and_blocks,
                                  a_shape_names_what_has_to_be_the_same_and_what_may_differ,
                                  functions_have_the_names_that_the_state_gives_them,
                                  keys_and_limits_are_read,
                                  an_aggregate_of_a_program_that_is_not_here_shows_its_bytes,
                                  a_shape_that_is_none_is_refused,
                                  every_allocation_may_fail};
    return sqi_test_main("op_state_read", tests, sizeof tests / sizeof *tests);
}
