/*
 * io_file_read: see the header. A file without partition columns whose rows are the decoder's hands its chunks on as they
 * come, lines of a text included.
 */
#include "io_file_read.h"

#include "data_cut.h"
#include "io_partition_read.h"
#include "io_unpack.h"

enum { BLOCK = 256 * 1024 };

struct sqi_file_reader {
    const sqi_file_plan *plan;
    const sqi_file_options *settings;
    const sqi_schema *schema;
    const sqi_io_env *env;
    sqi_decoder *decoder;
    sqi_format_feed feed;
    sqi_arena arena; /* of the file at hand: its folders' values; then of the chunk */
    sqi_vec *folder; /* by column of the schema; type NULL: it is the data's */
    bool plain;      /* chunks are handed on as they come */
    sqi_source_emit emit;
    void *context;
};

streamq_status sqi_file_reader_new(sqi_file_reader **out, const sqi_file_plan *plan, const sqi_file_options *settings,
                                   const sqi_options *options, const sqi_schema *schema, const sqi_io_env *env,
                                   streamq_error **err)
{
    *out = NULL;
    sqi_file_reader *r = sqi_alloc_zero(env->alloc, sizeof *r);
    if (!r)
        return sqi_error_nomem(err);
    *r = (sqi_file_reader){.plan = plan, .settings = settings, .schema = schema, .env = env};
    sqi_arena_init(&r->arena, env->alloc);
    sqi_format_feed_init(&r->feed, env->alloc);
    streamq_status status = sqi_decoder_new(&r->decoder, plan->format, env, options, &plan->data, err);
    if (status == STREAMQ_OK)
        *out = r;
    else
        sqi_file_reader_free(r);
    return status;
}

void sqi_file_reader_free(sqi_file_reader *r)
{
    if (!r)
        return;
    sqi_decoder_free(r->decoder);
    sqi_format_feed_fini(&r->feed);
    sqi_arena_fini(&r->arena);
    sqi_alloc_free(r->env->alloc, r, sizeof *r);
}

/* -------------------------------------------------------------- values of folders */

static const sqi_partition_key *key_of(const sqi_partition_key *key, uint32_t n, sqi_span name)
{
    for (uint32_t i = 0; i < n; i++)
        if (sqi_name_equal(key[i].name, name))
            return &key[i];
    return NULL;
}

/* A column is the folder's wherever the file has such a folder, and null where it should have one and has not. */
static streamq_status read_folders(sqi_file_reader *r, const sqi_file *file, streamq_error **err)
{
    sqi_partition_key key[SQI_PARTITION_MOST];
    uint32_t n = 0;
    size_t first;
    if (!r->settings->listing.recursive && file->name > file->base)
        SQI_TRY(sqi_partition_keys((sqi_span){file->path + file->base, file->name - file->base}, key, &n, &first,
                                   &r->arena, err));
    r->plain = r->plan->data.n == r->schema->n;
    if (!(r->folder = sqi_arena_array(&r->arena, r->schema->n + 1, sizeof *r->folder)))
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < r->schema->n; i++) {
        const sqi_field *f = &r->schema->field[i];
        const sqi_partition_key *k = n ? key_of(key, n, f->name) : NULL;
        if (k)
            SQI_TRY(sqi_partition_value(&r->folder[i], *k, f->type, r->env, &r->arena, err));
        else if (r->plan->from[i] == SQI_FILE_NO_DATA)
            SQI_TRY(sqi_vec_null(&r->folder[i], f->type, &r->arena, err));
        else
            r->plain &= r->plan->from[i] == i;
        r->plain &= r->folder[i].type == NULL;
    }
    return STREAMQ_OK;
}

static streamq_status put_beside(sqi_file_reader *r, const sqi_chunk *in, streamq_error **err)
{
    sqi_chunk cut = *in, out;
    sqi_vec column;
    if (in->lines.len)
        SQI_TRY(sqi_lines_cut(&cut, &column, in, &r->arena, err));
    out = cut;
    out.ncol = r->schema->n;
    if (!(out.col = sqi_arena_array(&r->arena, out.ncol + 1, sizeof *out.col)))
        return sqi_error_nomem(err);
    for (uint32_t i = 0; i < out.ncol; i++)
        out.col[i] = r->folder[i].type ? r->folder[i] : cut.col[r->plan->from[i]];
    return r->emit(r->context, &out, err);
}

static streamq_status take_chunk(void *context, const sqi_chunk *chunk, streamq_error **err)
{
    sqi_file_reader *r = context;
    if (r->plain)
        return r->emit(r->context, chunk, err);
    sqi_arena_mark mark = sqi_arena_mark_get(&r->arena);
    streamq_status status = put_beside(r, chunk, err);
    sqi_arena_release(&r->arena, mark);
    return status;
}

/* -------------------------------------------------------------- one file */

/* What the program wants to do without: the file's error is logged and gone. */
static bool passed_over(const sqi_file_reader *r, streamq_error *error)
{
    sqi_cond cond = sqi_error_cond(error);
    bool missing = cond == SQI_COND_FAILED_READ_FILE__FILE_NOT_EXIST;
    if (!(missing ? r->settings->ignore_missing : cond == SQI_COND_FAILED_READ_FILE && r->settings->ignore_corrupt))
        return false;
    sqi_log_write(&r->env->log, SQI_LOG_WARN, "%s: %s",
                  missing ? "a missing file is passed over" : "the rest of a corrupt file is passed over",
                  sqi_error_text(error));
    return true;
}

/* The next block into the feed; *got 0: the end. Only here can a file turn out to be missing or corrupt. */
static streamq_status next_block(sqi_file_reader *r, sqi_unpack *u, size_t *got, streamq_error **err)
{
    char *to;
    streamq_error *error = NULL;
    size_t most = r->feed.len > BLOCK ? r->feed.len : BLOCK; /* a long record is not looked at too often */
    *got = 0;
    SQI_TRY(sqi_format_feed_room(&r->feed, most, &to, err));
    if (sqi_unpack_read(u, to, most, got, &error) == STREAMQ_OK)
        return STREAMQ_OK;
    *got = 0;
    if (!passed_over(r, error))
        return sqi_error_pass(err, error);
    r->feed.len = 0; /* half of a record is none */
    sqi_error_free(error);
    return STREAMQ_OK;
}

static streamq_status decode(sqi_file_reader *r, sqi_unpack *u, streamq_error **err)
{
    SQI_TRY(r->decoder->type->begin(r->decoder, err));
    for (size_t got = 1; got;) {
        SQI_TRY(next_block(r, u, &got, err));
        SQI_TRY(sqi_format_feed_decode(&r->feed, got, got == 0, r->decoder, take_chunk, r, err));
    }
    return STREAMQ_OK;
}

streamq_status sqi_file_reader_run(sqi_file_reader *r, const sqi_file *file, sqi_source_emit emit, void *context,
                                   streamq_error **err)
{
    sqi_unpack *u;
    streamq_error *error = NULL;
    sqi_span path = {file->path, file->len};
    r->emit = emit;
    r->context = context;
    r->decoder->file = path;
    r->feed.len = 0;
    sqi_arena_reset(&r->arena);
    SQI_TRY(read_folders(r, file, err));
    if (sqi_unpack_open(&u, path, file->size, r->env, &error) != STREAMQ_OK) {
        if (!passed_over(r, error))
            return sqi_error_pass(err, error);
        sqi_error_free(error);
        return STREAMQ_OK;
    }
    streamq_status status = decode(r, u, err);
    sqi_unpack_close(u);
    return status;
}
