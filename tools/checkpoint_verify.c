/*
 * checkpoint_verify: every byte of a checkpoint read: each file of the log by itself, so that damage in one does not hide
 * that in another; every record's checksum; every block of operators' state decoded. (What sources keep is theirs to
 * read: of it the checksum is what is looked at.) Then the log as a whole, as a restart and a look back read it.
 */
#include "checkpoint_look.h"

#include "op_state_read.h"

#include <errno.h>
#include <stdio.h>

typedef struct operator_blocks {
    sqi_span shape;
    sqi_state_reader *reader; /* of the file at hand */
    bool unknown;             /* it cannot be read here, which was said */
} operator_blocks;

typedef struct verifying {
    look *l;
    operator_blocks *op;
    uint32_t nop, nsource;
    sqi_wal wal;
    int64_t segment; /* the file at hand */
    uint64_t files, records, blocks, damaged;
    uint64_t damaged_here;
    int64_t first, last; /* micro-batches of the file at hand; -1: none */
} verifying;

/* -------------------------------------------------------------- records */

static void say_damage(verifying *v, int64_t batch, int64_t at, const char *what)
{
    say("%s  batch %lld, the record at byte %lld: %s\n", v->damaged_here++ ? "" : "DAMAGED\n", (long long)batch,
        (long long)at, what);
}

/* A reader for the operator's blocks; NULL: they are not read. */
static sqi_state_reader *reader_of(verifying *v, uint32_t index)
{
    operator_blocks *op = &v->op[index];
    look *l = v->l;
    streamq_error *why = NULL;
    const sqi_op_env env = {.alloc = &l->alloc, .eval = &l->eval, .chunk_rows = SQI_CHUNK_ROWS, .hash_seed = 1};
    if (op->reader || op->unknown)
        return op->reader;
    if (sqi_state_reader_new(&op->reader, op->shape, &env, NULL, &why) == STREAMQ_OK)
        return op->reader;
    sqi_state_reader_free(op->reader);
    op->reader = NULL;
    op->unknown = true;
    say("(blocks of operator %u are not decoded: ", index);
    say_error(why);
    say(") ");
    return NULL;
}

static void free_readers(verifying *v)
{
    for (uint32_t i = 0; i < v->nop; ++i) {
        sqi_state_reader_free(v->op[i].reader);
        v->op[i].reader = NULL;
    }
}

static streamq_status check_block(verifying *v, const sqi_record_item *item, const sqi_wal_record *r)
{
    streamq_error *why = NULL;
    sqi_state_reader *reader = reader_of(v, item->index);
    ++v->blocks;
    if (!reader)
        return STREAMQ_OK;
    streamq_status status = sqi_state_reader_load(reader, item->block, &why);
    if (status == STREAMQ_ERR_NOMEM || status == STREAMQ_OK) {
        sqi_error_free(why);
        return status;
    }
    say_damage(v, r->batch, r->at, "state of an operator cannot be decoded:");
    say("    operator %u: ", item->index);
    say_error(why);
    say("\n");
    return STREAMQ_OK;
}

static streamq_status check_item(verifying *v, const sqi_record_item *item, const sqi_wal_record *r)
{
    sqi_offset start, end;
    bool state = item->kind == SQI_RECORD_OPERATOR_CHANGES || item->kind == SQI_RECORD_OPERATOR_PART;
    if (item->kind >= SQI_RECORD_KINDS_)
        return STREAMQ_OK;
    if (item->index >= (state ? v->nop : v->nsource))
        say_damage(v, r->batch, r->at, "it speaks of an operator or a source that the metadata does not have");
    else if (state)
        return check_block(v, item, r);
    else if (item->kind == SQI_RECORD_RANGE && !sqi_record_get_range(item->block, &start, &end))
        say_damage(v, r->batch, r->at, "the range of a source is malformed");
    return STREAMQ_OK;
}

static streamq_status check_record(void *context, const sqi_wal_record *r, sqi_span body, streamq_error **err)
{
    verifying *v = context;
    sqi_record_head head;
    sqi_record_item item;
    sqi_bytes from = sqi_bytes_of(body);
    ++v->records;
    if (r->kind != SQI_WAL_BATCH)
        return STREAMQ_OK;
    v->first = v->first < 0 ? r->batch : v->first;
    v->last = r->batch;
    bool fine = sqi_record_get_head(&from, &head);
    while (fine && sqi_record_next(&from, &item))
        if (check_item(v, &item, r) != STREAMQ_OK)
            return sqi_error_nomem(err);
    if (!fine || from.bad)
        say_damage(v, r->batch, r->at, "it is malformed");
    return STREAMQ_OK;
}

/* -------------------------------------------------------------- files */

static bool is_gone(const verifying *v)
{
    char path[4096];
    sqi_os_stat st;
    sqi_wal_path(&v->wal, v->segment, path, sizeof path);
    return v->l->running && v->l->files->stat(v->l->files->context, path, &st) == ENOENT;
}

static void check_segment(verifying *v, size_t k)
{
    bool none = false;
    streamq_error *why = NULL;
    v->segment = v->wal.segment[k].first;
    v->first = v->last = -1;
    v->damaged_here = 0;
    say("wal-%019lld  ", (long long)v->segment);
    ++v->files;
    streamq_status status = sqi_wal_scan(&v->wal, k, check_record, v, &none, &why);
    if (status == STREAMQ_ERR_IO && is_gone(v)) {
        sqi_error_free(why);
        say("the query that is running here has removed it meanwhile\n");
    } else if (status != STREAMQ_OK) {
        say("%s", v->damaged_here++ ? "  " : "DAMAGED\n  ");
        say_error(why);
        say("\n");
    } else if (none)
        say("begun, without a record\n");
    else if (!v->damaged_here)
        say("fine, batches %lld to %lld\n", (long long)v->first, (long long)v->last);
    v->damaged += v->damaged_here;
    free_readers(v);
}

static bool list_parts(verifying *v, sqi_span shape)
{
    sqi_meta_part part;
    for (sqi_span left = shape; sqi_meta_next(&left, &part);)
        *(part.source ? &v->nsource : &v->nop) += 1;
    v->op = sqi_arena_array(&v->l->arena, v->nop + 1, sizeof *v->op);
    if (!v->op)
        return false;
    for (uint32_t i = 0; sqi_meta_next(&shape, &part);)
        if (!part.source)
            v->op[i++].shape = part.text;
    return true;
}

/* What no file shows alone: a batch that is missing between two, a pass without an end. */
static void check_whole(verifying *v)
{
    sqi_checkpoint c;
    int64_t oldest;
    streamq_error *why = NULL;
    if (look_open(v->l, &c, &why) == STREAMQ_OK) {
        if (sqi_checkpoint_oldest(&c, &oldest, &why) == STREAMQ_OK && v->files)
            say("the log as a whole       fine, batches up to %lld\n", (long long)c.last);
        sqi_checkpoint_close(&c, false);
    }
    if (!why)
        return;
    say("the log as a whole       DAMAGED\n  ");
    say_error(why);
    say("\n");
    ++v->damaged;
}

static void check_log(verifying *v, const sqi_meta *m)
{
    unsigned char id[SQI_WAL_ID];
    look *l = v->l;
    streamq_error *why = NULL;
    sqi_meta_id_bytes(m, id);
    if (!list_parts(v, sqi_buf_view(&m->shape)) ||
        sqi_wal_open(&v->wal, &l->alloc, l->files, l->dir, id, &why) != STREAMQ_OK) {
        say("the log                  cannot be listed ");
        say_error(why);
        say("\n");
        ++v->damaged;
    }
    for (size_t k = v->wal.nsegment; k-- > 0;)
        check_segment(v, k);
    sqi_wal_close(&v->wal);
    if (!v->damaged)
        check_whole(v);
}

void verify(look *l)
{
    verifying v = {.l = l};
    sqi_meta m;
    bool found = false;
    streamq_error *why = NULL;
    streamq_status status = look_meta(l, &m, &found, &why);
    if (status == STREAMQ_OK && found) {
        say("metadata                 fine\n");
        check_log(&v, &m);
        say("%llu records, %llu blocks of state; ", (unsigned long long)v.records, (unsigned long long)v.blocks);
        if (v.damaged)
            say("%llu damaged\n", (unsigned long long)v.damaged);
        else
            say("everything is fine\n");
    } else if (status != STREAMQ_OK) {
        say("metadata                 ");
        say_error(why);
        say("\n");
    }
    l->bad |= v.damaged > 0 || status != STREAMQ_OK;
    sqi_meta_fini(&m);
    show_restart(l);
}
