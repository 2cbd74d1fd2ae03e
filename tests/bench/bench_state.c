/*
 * bench_state: state as blocks and back: what a micro-batch's changes cost to save, a row's and many rows'; the whole of
 * a large state out and in. One thread; each figure is the best of several passes.
 * Usage: bench_state [millions of keys]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench_kit.h"
#include "op_rig.h"

enum { CHUNK = 2048, CHANGED = 48000, PASSES = 9, PART = 4 << 20 };

static const char *const schemas[] = {"k STRING, v INT", "k BIGINT, v INT"};

static void must(streamq_status status, streamq_error *err)
{
    if (status == STREAMQ_OK)
        return;
    fprintf(stderr, "bench_state: %s\n", err ? sqi_error_message(err) : "");
    exit(1);
}

static void push(sqi_rig *r, bool text, uint64_t from, uint32_t n)
{
    static sqi_str str[CHUNK];
    static int64_t number[CHUNK];
    static int32_t value[CHUNK];
    streamq_error *err = NULL;
    for (uint32_t i = 0; i < n; ++i) {
        char key[32];
        uint64_t id = (from + i) * 2654435761u % 100000007u;
        number[i] = (int64_t)id;
        value[i] = (int32_t)i;
        str[i] = sqi_str_view(key, (uint32_t)sprintf(key, "user%llu", (unsigned long long)id % 100000000));
    }
    sqi_vec col[2] = {{.type = r->schema.field[0].type, .data = text ? (void *)str : number, .mask = UINT32_MAX},
                      {.type = &sqi_type_int, .data = value, .mask = UINT32_MAX}};
    sqi_chunk chunk = {.n = n, .ncol = 2, .rows = {NULL, n}, .col = col};
    must(sqi_op_push(r->first, 0, &chunk, &err), err);
}

static void end_batch(sqi_rig *r, sqi_op *op, bool commit)
{
    streamq_error *err = NULL;
    must(sqi_op_flush(r->first, &err), err);
    sqi_buf_clear(&r->out);
    if (commit)
        op->type->commit(op);
}

static sqi_op *open(sqi_rig *r, sqi_alloc *alloc, bool text, const char *aggregates, uint64_t seed)
{
    sqi_rig_open(r, alloc, schemas[!text]);
    r->env.hash_seed = seed;
    r->env.durable = true;
    return sqi_rig_add_group(r, "k", aggregates);
}

static void measure_changes(bool text, const char *aggregates, uint32_t changed, int times)
{
    sqi_alloc alloc;
    sqi_rig r;
    sqi_buf block;
    streamq_error *err = NULL;
    double best = 1e9;
    char what[200];
    sqi_alloc_init(&alloc);
    sqi_buf_init(&block, &alloc, 0);
    sqi_op *op = open(&r, &alloc, text, aggregates, 7);
    for (uint32_t at = 0; at < CHANGED; at += CHUNK)
        push(&r, text, at, CHUNK);
    end_batch(&r, op, true);
    for (uint32_t at = 0; at < changed; at += CHUNK)
        push(&r, text, at, changed - at < CHUNK ? changed - at : CHUNK);
    end_batch(&r, op, false);
    size_t calls = 0;
    for (int p = 0; p < PASSES; ++p) {
        double begin = bench_cpu_seconds();
        for (int i = 0; i < times; ++i) {
            sqi_buf_clear(&block);
            must(op->type->save_changes(op, &block, &err), err);
            calls = i == 0 ? atomic_load(&alloc.calls) : calls;
        }
        double spent = (bench_cpu_seconds() - begin) / times;
        best = spent < best ? spent : best;
    }
    snprintf(what, sizeof what, "%s by %s: %u changed rows put into the record, %.1f bytes a row, %zu allocations",
             aggregates, text ? "short text" : "bigint", changed, (double)block.len / changed,
             atomic_load(&alloc.calls) - calls);
    bench_figure("state", what, "ns a row", best * 1e9 / changed, changed == 1 ? "1000" : "20");
    sqi_buf_fini(&block);
    sqi_rig_close(&r);
}

static void measure_whole(bool text, const char *aggregates, uint64_t keys)
{
    enum { PARTS = 1000 };
    sqi_alloc alloc;
    sqi_rig r;
    static sqi_buf part[PARTS];
    streamq_error *err = NULL;
    uint64_t cursor = 0, bytes = 0;
    uint32_t n = 0;
    char what[200];
    sqi_alloc_init(&alloc);
    sqi_op *op = open(&r, &alloc, text, aggregates, 7);
    for (uint64_t at = 0; at < keys; at += CHUNK)
        push(&r, text, at, CHUNK);
    r.env.mode = STREAMQ_UPDATE;
    op->type->commit(op);
    double begin = bench_cpu_seconds();
    do {
        sqi_buf_init(&part[n], &alloc, 0);
        must(op->type->save_some(op, &cursor, PART, &part[n], &err), err);
        bytes += part[n].len;
    } while (++n < PARTS && cursor);
    double saved = bench_cpu_seconds() - begin;
    sqi_rig_close(&r);
    op = open(&r, &alloc, text, aggregates, 99);
    begin = bench_cpu_seconds();
    for (uint32_t k = 0; k < n; ++k)
        must(op->type->load(op, sqi_buf_view(&part[k]), &err), err);
    must(op->type->loaded(op, &err), err);
    double loaded = bench_cpu_seconds() - begin;
    for (uint32_t k = 0; k < n; ++k)
        sqi_buf_fini(&part[k]);
    sqi_op_metrics m;
    op->type->metrics(op, &m);
    snprintf(what, sizeof what, "%s by %s: the whole of %llu rows saved, %.1f bytes a row", aggregates,
             text ? "short text" : "bigint", (unsigned long long)m.rows_total, (double)bytes / (double)m.rows_total);
    bench_figure("state", what, "s", saved, "");
    snprintf(what, sizeof what, "%s by %s: %llu rows loaded", aggregates, text ? "short text" : "bigint",
             (unsigned long long)m.rows_total);
    bench_figure("state", what, "s", loaded, keys > 9000000 ? "1" : "");
    sqi_rig_close(&r);
}

int main(int argc, char **argv)
{
    uint64_t millions = argc > 1 ? strtoull(argv[1], NULL, 10) : 2;
    for (int text = 1; text >= 0; --text) {
        if (argc > 2 && atoi(argv[2]) != text)
            continue;
        measure_changes(text, "count(*)", CHANGED, 20);
        measure_changes(text, "count(*)", 1, 20000);
        measure_changes(text, "sum(v), avg(v), max(v)", CHANGED, 20);
        measure_whole(text, "count(*)", millions * 1000000);
    }
    measure_changes(true, "min(k), first(v)", CHANGED, 5);
    return 0;
}
