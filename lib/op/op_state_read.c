/*
 * op_state_read: see the header. A grouping is made again from its shape: the keys as columns of an input that never
 * comes, the aggregates as calls over nulls of the right types. A program's own aggregate that is not registered here
 * stands as its bytes.
 */
#include "op_state_read.h"

#include "agg_form.h"
#include "expr_parse.h"
#include "op_group_state.h"
#include "op_keys_state.h"
#include "op_limit.h"
#include "op_shape.h"

enum { COLUMNS_MOST = 10000, BYTES_MOST = 4096 };

typedef enum reader_kind { GROUPS, KEYS, LIMIT } reader_kind;

struct sqi_state_reader {
    sqi_arena arena, scratch;
    sqi_eval eval;
    sqi_op_env env;
    const sqi_registry *registry;
    sqi_schema schema;
    uint32_t nkey;
    reader_kind kind;
    const sqi_type **type; /* of the keys */
    sqi_bound **expr;      /* GROUPS: keys, then aggregates */
    sqi_span *function;    /* of each column; of a key nothing */
    sqi_op *group;
    sqi_table *table; /* KEYS */
    uint64_t seen;    /* LIMIT */
    bool any;         /* the same: there was a block */
    uint32_t next;    /* row to go on with */
};

static streamq_status refuse(streamq_error **err, const char *what, sqi_span text)
{
    return sqi_error_set(err, SQI_COND_CHECKPOINT_CORRUPT, "%s, which this library cannot read: '%.*s'", what,
                         (int)(text.len < 200 ? text.len : 200), text.ptr);
}

/* ---- aggregates that are not known here ----------------------------------------------------------------------- */

static streamq_status emit_bytes(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_vec *out, streamq_error **err)
{
    (void)err;
    uint32_t size = run->node->agg->state_size;
    for (uint32_t k = 0; k < n; ++k)
        SQI_OUT(out, sqi_str)[k] = sqi_str_view(sqi_states_at(&run->states, list[k]), size);
    return STREAMQ_OK;
}

static streamq_status load_bytes(sqi_agg_run *run, const uint32_t *list, uint32_t n, sqi_bytes *from,
                                 streamq_error **err)
{
    uint32_t size = run->node->agg->state_size;
    sqi_span all = sqi_bytes_get(from, (uint64_t)n * size);
    if (from->bad)
        return sqi_agg_form_damaged(from, err);
    for (uint32_t k = 0; k < n; ++k)
        memcpy(sqi_states_at(&run->states, list[k]), all.ptr + (size_t)k * size, size);
    return STREAMQ_OK;
}

static streamq_status bytes_agg(sqi_state_reader *r, uint32_t size, sqi_bound **out, streamq_error **err)
{
    static const sqi_agg_form form = {.version = 1, .load = load_bytes};
    sqi_agg *agg = sqi_arena_zero(&r->arena, sizeof *agg);
    sqi_bound *node = *out = sqi_arena_zero(&r->arena, sizeof *node);
    if (!agg || !node)
        return sqi_error_nomem(err);
    *agg = (sqi_agg){.name = "bytes", .state_size = size, .emit = emit_bytes, .form = &form};
    *node = (sqi_bound){.kind = SQI_BOUND_AGG, .type = &sqi_type_binary, .agg = agg};
    return STREAMQ_OK;
}

/* "sum(NULL::BIGINT) v1": the call; *bytes: what stands behind " of ". */
static sqi_span split_call(sqi_span text, uint32_t *bytes)
{
    size_t at = text.len;
    *bytes = 0;
    while (at > 1 && !(text.ptr[at - 2] == ' ' && text.ptr[at - 1] == 'v'))
        --at;
    if (at <= 1)
        return text;
    sqi_span rest = {text.ptr + at, text.len - at};
    for (size_t i = 0; i + 4 < rest.len; ++i)
        if (!memcmp(rest.ptr + i, " of ", 4))
            for (i += 4; i < rest.len && rest.ptr[i] >= '0' && rest.ptr[i] <= '9' && *bytes <= BYTES_MOST; ++i)
                *bytes = *bytes * 10 + (uint32_t)(rest.ptr[i] - '0');
    return (sqi_span){text.ptr, at - 2};
}

/* ---- from lines to expressions -------------------------------------------------------------------------------- */

static streamq_status bind_call(sqi_state_reader *r, sqi_span call, sqi_bound **out, streamq_error **err)
{
    sqi_parser p;
    sqi_ast *ast;
    static const sqi_scope none = {0, NULL};
    sqi_binder b = {.arena = &r->arena,
                    .eval = &r->eval,
                    .scope = &none,
                    .registry = r->registry,
                    .clause = "SELECT",
                    .allow = SQI_BIND_AGGREGATES};
    SQI_TRY(sqi_parser_init(&p, call, &r->arena, r->eval.pool, r->eval.zones, r->eval.zone, err));
    SQI_TRY(sqi_parse_expression(&p, &ast, err));
    return sqi_bind(&b, ast, out, err);
}

/* *is: it is the aggregate that the line speaks of, in the same form. */
static streamq_status compare(const sqi_state_reader *r, const sqi_bound *node, sqi_span same, bool *is,
                              streamq_error **err)
{
    sqi_buf text;
    *is = node->kind == SQI_BOUND_AGG && node->agg->form && !node->distinct && !node->filter;
    if (!*is)
        return STREAMQ_OK;
    sqi_buf_init(&text, r->env.alloc, 0);
    bool printed = sqi_agg_form_print(&text, node);
    *is = printed && sqi_span_equal(sqi_buf_view(&text), same);
    sqi_buf_fini(&text);
    return printed ? STREAMQ_OK : sqi_error_nomem(err);
}

static streamq_status read_value(sqi_state_reader *r, const sqi_shape_line *line, sqi_bound **out, streamq_error **err)
{
    streamq_error *why = NULL;
    uint32_t bytes;
    sqi_span call = split_call(line->same, &bytes);
    streamq_status status = bind_call(r, call, out, &why);
    if (status == STREAMQ_ERR_NOMEM)
        return sqi_error_pass(err, why);
    sqi_error_free(why);
    bool is = false;
    if (status == STREAMQ_OK)
        SQI_TRY(compare(r, *out, line->same, &is, err));
    if (is)
        return STREAMQ_OK;
    if (bytes && bytes <= BYTES_MOST)
        return bytes_agg(r, bytes, out, err);
    return refuse(err, "the saved state is of an aggregate", line->same);
}

static streamq_status read_key(sqi_state_reader *r, const sqi_shape_line *line, const sqi_type **out,
                               streamq_error **err)
{
    sqi_parser p;
    streamq_error *why = NULL;
    streamq_status status = sqi_parser_init(&p, line->same, &r->arena, r->eval.pool, r->eval.zones, r->eval.zone, &why);
    if (status == STREAMQ_OK)
        status = sqi_parse_type(&p, out, &why);
    if (status == STREAMQ_ERR_NOMEM)
        return sqi_error_pass(err, why);
    sqi_error_free(why);
    return status == STREAMQ_OK ? STREAMQ_OK : refuse(err, "a key of the saved state has a type", line->same);
}

static const char *const operator_names[] = {"stateStoreSave", "dedupe", "globalLimit"};

static streamq_status read_operator(sqi_state_reader *r, const sqi_shape_line *line, streamq_error **err)
{
    for (r->kind = GROUPS; r->kind <= LIMIT; ++r->kind)
        if (sqi_span_equal(line->word, SQI_SPAN("operator")) &&
            sqi_span_equal(line->same, sqi_span_of(operator_names[r->kind])))
            return STREAMQ_OK;
    return refuse(err, "the saved state is of an operator", line->same);
}

static streamq_status read_line(sqi_state_reader *r, const sqi_shape_line *line, streamq_error **err)
{
    uint32_t at = r->schema.n;
    sqi_field *field = &r->schema.field[at];
    *field = (sqi_field){line->name, &sqi_type_bigint, true};
    if (sqi_span_equal(line->word, SQI_SPAN("key")) && r->nkey == at && r->kind != LIMIT) {
        SQI_TRY(read_key(r, line, &r->type[at], err));
        field->type = r->type[at];
        r->expr[at] = sqi_bound_column(&r->arena, at, field->type, true);
        r->nkey++;
    } else if (sqi_span_equal(line->word, SQI_SPAN("value")) && r->kind == GROUPS) {
        const char *open = memchr(line->same.ptr, '(', line->same.len);
        r->function[at] = (sqi_span){line->same.ptr, open ? (size_t)(open - line->same.ptr) : line->same.len};
        SQI_TRY(read_value(r, line, &r->expr[at], err));
        field->type = r->expr[at]->type;
    } else if (!sqi_span_equal(line->word, SQI_SPAN("value")) || r->kind != LIMIT || at) {
        return refuse(err, "the saved state keeps a value", line->same);
    }
    r->schema.n++;
    return r->kind != GROUPS || r->expr[at] ? STREAMQ_OK : sqi_error_nomem(err);
}

static uint32_t count_lines(sqi_span text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.len && n <= COLUMNS_MOST; ++i)
        n += text.ptr[i] == '\n';
    return n;
}

static streamq_status read_shape(sqi_state_reader *r, sqi_span text, streamq_error **err)
{
    sqi_shape_line line;
    uint32_t n = count_lines(text);
    streamq_error *why = NULL;
    if (n > COLUMNS_MOST)
        return refuse(err, "the saved state has too many columns", SQI_SPAN(""));
    r->schema.field = sqi_arena_array(&r->arena, n + 1, sizeof *r->schema.field);
    r->type = sqi_arena_array(&r->arena, n + 1, sizeof *r->type);
    r->expr = sqi_arena_array(&r->arena, n + 1, sizeof *r->expr);
    r->function = sqi_arena_array(&r->arena, n + 1, sizeof *r->function);
    if (!r->schema.field || !r->type || !r->expr || !r->function)
        return sqi_error_nomem(err);
    if (!sqi_shape_read(&text, &line, &r->arena, &why))
        return why ? sqi_error_pass(err, why) : refuse(err, "the description of the saved state is empty", text);
    SQI_TRY(read_operator(r, &line, err));
    while (sqi_shape_read(&text, &line, &r->arena, &why))
        SQI_TRY(read_line(r, &line, err));
    return why ? sqi_error_pass(err, why) : STREAMQ_OK;
}

/* ---- the reader ----------------------------------------------------------------------------------------------- */

static streamq_status make(sqi_state_reader *r, streamq_error **err)
{
    const sqi_op_group_params params = {
        .key = r->expr, .nkey = r->nkey, .agg = r->expr + r->nkey, .nagg = r->schema.n - r->nkey, .nlane = 1};
    if (r->kind == GROUPS)
        return sqi_op_new(&r->group, &sqi_op_group, &params, 1, &r->env, NULL, 0, err);
    if (r->kind == LIMIT)
        return STREAMQ_OK;
    r->table = sqi_table_new(r->env.alloc, r->type, r->nkey, 0, 1, r->env.hash_seed, err);
    return r->table ? STREAMQ_OK : STREAMQ_ERR_NOMEM;
}

streamq_status sqi_state_reader_new(sqi_state_reader **out, sqi_span shape, const sqi_op_env *env,
                                    const sqi_registry *registry, streamq_error **err)
{
    sqi_state_reader *r = *out = sqi_alloc_zero(env->alloc, sizeof *r);
    if (!r)
        return sqi_error_nomem(err);
    sqi_arena_init(&r->arena, env->alloc);
    sqi_arena_init(&r->scratch, env->alloc);
    r->eval = *env->eval;
    r->eval.alloc = env->alloc;
    r->eval.arena = &r->scratch;
    r->env = (sqi_op_env){.alloc = env->alloc,
                          .eval = &r->eval,
                          .mode = STREAMQ_COMPLETE,
                          .streaming = true,
                          .chunk_rows = env->chunk_rows ? env->chunk_rows : SQI_CHUNK_ROWS,
                          .hash_seed = env->hash_seed};
    r->registry = registry;
    SQI_TRY(read_shape(r, shape, err));
    return make(r, err);
}

void sqi_state_reader_free(sqi_state_reader *r)
{
    if (!r)
        return;
    sqi_alloc *alloc = r->env.alloc;
    sqi_op_free(r->group);
    sqi_table_free(r->table);
    sqi_arena_fini(&r->scratch);
    sqi_arena_fini(&r->arena);
    sqi_alloc_free(alloc, r, sizeof *r);
}

const sqi_schema *sqi_state_reader_schema(const sqi_state_reader *r, uint32_t *nkey)
{
    *nkey = r->nkey;
    return &r->schema;
}

const char *sqi_state_reader_operator(const sqi_state_reader *r)
{
    return operator_names[r->kind];
}

sqi_span sqi_state_reader_function(const sqi_state_reader *r, uint32_t column)
{
    return r->function[column];
}

streamq_status sqi_state_reader_load(sqi_state_reader *r, sqi_span block, streamq_error **err)
{
    sqi_arena_reset(&r->scratch);
    if (r->kind == GROUPS)
        return r->group->type->load(r->group, block, err);
    if (r->kind == KEYS)
        return sqi_keys_state_load(r->table, &r->env, block, err);
    r->any = true;
    return sqi_limit_read(block, &r->seen, err);
}

static streamq_status next_keys(sqi_state_reader *r, sqi_chunk *out, streamq_error **err)
{
    uint32_t most = r->env.chunk_rows, *rows = sqi_arena_get(&r->scratch, (size_t)most * sizeof *rows);
    sqi_vec *col = sqi_arena_array(&r->scratch, r->nkey + 1, sizeof *col);
    if (!rows || !col)
        return sqi_error_nomem(err);
    uint32_t n = sqi_table_walk(r->table, &r->next, rows, most);
    *out = (sqi_chunk){.n = n, .ncol = r->nkey, .rows = {NULL, n}, .col = col};
    return n ? sqi_table_keys(r->table, rows, n, col, &r->scratch, err) : STREAMQ_OK;
}

static streamq_status next_limit(sqi_state_reader *r, sqi_chunk *out, streamq_error **err)
{
    uint32_t n = r->any && !r->next++;
    sqi_vec *col = sqi_arena_array(&r->scratch, 1, sizeof *col);
    if (!col)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_vec_make(col, &sqi_type_bigint, 1, &r->scratch, err));
    SQI_OUT(col, int64_t)[0] = (int64_t)r->seen;
    *out = (sqi_chunk){.n = n, .ncol = r->schema.n, .rows = {NULL, n}, .col = col};
    return STREAMQ_OK;
}

streamq_status sqi_state_reader_next(sqi_state_reader *r, sqi_chunk *out, streamq_error **err)
{
    *out = (sqi_chunk){.n = 0};
    sqi_arena_reset(&r->scratch);
    if (r->kind == GROUPS)
        return sqi_group_state_walk(r->group, &r->next, r->env.chunk_rows, out, err);
    return r->kind == KEYS ? next_keys(r, out, err) : next_limit(r, out, err);
}

static streamq_status take_removed(const sqi_state_reader *r, const sqi_block_piece *piece, sqi_state_reader_take take,
                                   void *context, streamq_error **err)
{
    const sqi_chunk keys = {.n = piece->n, .ncol = r->nkey, .rows = {NULL, piece->n}, .col = piece->key};
    SQI_TRY(sqi_block_used(piece, err));
    return take(context, &keys, err);
}

streamq_status sqi_state_reader_removed(sqi_state_reader *r, sqi_span bytes, sqi_state_reader_take take, void *context,
                                        streamq_error **err)
{
    sqi_block block;
    sqi_block_piece piece = {.n = 1};
    if (r->kind == LIMIT)
        return STREAMQ_OK;
    SQI_TRY(sqi_block_open(&block, bytes, err));
    while (piece.n) {
        sqi_arena_reset(&r->scratch);
        SQI_TRY(sqi_block_next(&block, r->type, r->nkey, &piece, &r->scratch, err));
        if (piece.n && piece.kind == SQI_BLOCK_REMOVED)
            SQI_TRY(take_removed(r, &piece, take, context, err));
    }
    return STREAMQ_OK;
}
