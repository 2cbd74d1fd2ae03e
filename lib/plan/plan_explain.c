/*
 * plan_explain: a plan as text, in the shape of Spark's explain.
 *
 * Expression ids (word#2) are given here, from the leaves up in the order of the plan: a column that is only passed on
 * keeps its id, what is computed gets the next one. So the same plan always prints the same, and a column can be
 * followed through the tree. The scratch is an arena on the buffer's allocator.
 */
#include "plan_explain.h"

typedef struct printer {
    sqi_buf *to;
    sqi_arena arena;
    sqi_schema named; /* position = id: what sqi_bound_print looks names up in */
    uint32_t cap;
    sqi_buf indent;                       /* what stands before the children of the node being printed */
    const sqi_explain_physical *physical; /* NULL: the logical plan */
} printer;

/* The node's ids and those of its inputs, kept from the numbering pass: a tree beside the plan's tree. */
typedef struct numbered {
    const sqi_node *node;
    uint32_t *id;
    struct numbered **input;
} numbered;

static bool new_id(printer *p, const sqi_attribute *col, uint32_t *id)
{
    if (!sqi_arena_room(&p->arena, (void **)&p->named.field, p->named.n, &p->cap, sizeof *p->named.field))
        return false;
    p->named.field[p->named.n] = (sqi_field){col->name, col->type, col->nullable};
    *id = p->named.n++;
    return true;
}

/* The input column that output column i hands on under its own name, or UINT32_MAX. */
static uint32_t passed_on(const sqi_node *n, uint32_t i)
{
    switch (n->kind) {
    case SQI_NODE_PROJECT:
    case SQI_NODE_AGGREGATE:
        if (n->expr[i]->kind != SQI_BOUND_COLUMN ||
            !sqi_span_equal(n->col[i].name, n->input[0]->col[n->expr[i]->column].name))
            return UINT32_MAX;
        return n->expr[i]->column;
    case SQI_NODE_GENERATE:
        return i < n->nkept ? n->kept[i] : UINT32_MAX;
    case SQI_NODE_EXPAND:
        for (uint32_t k = 0; k < n->nproj; k++)
            if (n->projection[k][i]->kind != SQI_BOUND_COLUMN ||
                n->projection[k][i]->column != n->projection[0][i]->column)
                return UINT32_MAX;
        return sqi_span_equal(n->col[i].name, n->input[0]->col[n->projection[0][i]->column].name)
                   ? n->projection[0][i]->column
                   : UINT32_MAX;
    case SQI_NODE_SOURCE:
    case SQI_NODE_VALUES:
        return UINT32_MAX;
    default:
        return i;
    }
}

static numbered *number(printer *p, const sqi_node *n)
{
    numbered *x = sqi_arena_zero(&p->arena, sizeof *x);
    if (!x || !(x->id = sqi_arena_array(&p->arena, n->ncol, sizeof *x->id)) ||
        !(x->input = sqi_arena_array(&p->arena, n->ninput, sizeof *x->input)))
        return NULL;
    x->node = n;
    for (uint32_t i = 0; i < n->ninput; i++)
        if (!(x->input[i] = number(p, n->input[i])))
            return NULL;
    for (uint32_t i = 0; i < n->ncol; i++) {
        uint32_t from = passed_on(n, i);
        if (n->kind == SQI_NODE_JOIN && i >= n->input[0]->ncol)
            x->id[i] = x->input[1]->id[i - n->input[0]->ncol];
        else if (from != UINT32_MAX)
            x->id[i] = x->input[0]->id[from];
        else if (!new_id(p, &n->col[i], &x->id[i]))
            return NULL;
    }
    return x;
}

typedef struct renumber {
    printer *p;
    const uint32_t *id;
} renumber;

static sqi_bound *put_id(void *context, const sqi_bound *e, streamq_error **err)
{
    const renumber *r = context;
    if (e->kind != SQI_BOUND_COLUMN)
        return NULL;
    sqi_bound *column = sqi_bound_column(&r->p->arena, r->id[e->column], e->type, e->nullable);
    if (!column)
        sqi_error_nomem(err);
    return column;
}

/* An expression over columns with these ids. */
static void expression(printer *p, const sqi_bound *e, const uint32_t *id)
{
    renumber r = {p, id};
    streamq_error *why = NULL;
    sqi_bound *numbered_e = sqi_bound_rewrite(e, put_id, &r, &p->arena, &why);
    sqi_error_free(why);
    if (!numbered_e || !sqi_bound_print(p->to, numbered_e, &p->named))
        p->to->failed = true;
}

static void column(printer *p, const numbered *x, uint32_t i)
{
    sqi_buf_span(p->to, x->node->col[i].name);
    sqi_buf_printf(p->to, "#%u", x->id[i]);
}

static void columns(printer *p, const numbered *x, uint32_t from)
{
    sqi_buf_byte(p->to, '[');
    for (uint32_t i = from; i < x->node->ncol; i++) {
        if (i > from)
            sqi_buf_text(p->to, ", ");
        column(p, x, i);
    }
    sqi_buf_byte(p->to, ']');
}

/* expr[i] as output column i: "word#2" if it is passed on, else "(a#0 + 1) AS b#3". */
static void outputs(printer *p, const numbered *x)
{
    const sqi_node *n = x->node;
    sqi_buf_byte(p->to, '[');
    for (uint32_t i = 0; i < n->nexpr; i++) {
        if (i)
            sqi_buf_text(p->to, ", ");
        if (passed_on(n, i) == UINT32_MAX) {
            expression(p, n->expr[i], x->input[0]->id);
            sqi_buf_text(p->to, " AS ");
        }
        column(p, x, i);
    }
    sqi_buf_byte(p->to, ']');
}

static void expressions(printer *p, const numbered *x, uint32_t from, uint32_t to)
{
    sqi_buf_byte(p->to, '[');
    for (uint32_t i = from; i < to; i++) {
        if (i > from)
            sqi_buf_text(p->to, ", ");
        expression(p, x->node->expr[i], x->input[0]->id);
    }
    sqi_buf_byte(p->to, ']');
}

static void distinct_or_aggregate(printer *p, const numbered *x)
{
    if (x->node->from_distinct) {
        sqi_buf_text(p->to, "Distinct");
        return;
    }
    sqi_buf_text(p->to, "Aggregate ");
    expressions(p, x, 0, x->node->nkey);
    sqi_buf_text(p->to, ", ");
    outputs(p, x);
}

static void expand(printer *p, const numbered *x)
{
    const sqi_node *n = x->node;
    sqi_buf_byte(p->to, '[');
    for (uint32_t k = 0; k < n->nproj; k++) {
        sqi_buf_text(p->to, k ? ", [" : "[");
        for (uint32_t i = 0; i < n->ncol; i++) {
            if (i)
                sqi_buf_text(p->to, ", ");
            expression(p, n->projection[k][i], x->input[0]->id);
        }
        sqi_buf_byte(p->to, ']');
    }
    sqi_buf_text(p->to, "], ");
    columns(p, x, 0);
}

static void sort(printer *p, const numbered *x)
{
    const sqi_node *n = x->node;
    sqi_buf_byte(p->to, '[');
    for (uint32_t i = 0; i < n->nexpr; i++) {
        if (i)
            sqi_buf_text(p->to, ", ");
        expression(p, n->expr[i], x->input[0]->id);
        sqi_buf_text(p->to, n->sort_flags[i] & 1 ? " DESC" : " ASC");
        sqi_buf_text(p->to, n->sort_flags[i] & 2 ? " NULLS FIRST" : " NULLS LAST");
    }
    sqi_buf_text(p->to, "], true");
}

static void next_line(printer *p)
{
    sqi_buf_byte(p->to, '\n');
    sqi_buf_span(p->to, sqi_buf_view(&p->indent));
    sqi_buf_text(p->to, "+- ");
    sqi_buf_text(&p->indent, "   ");
}

/* Up to three lines, as Spark's plan has a node for each part. */
static void limit(printer *p, const sqi_node *n)
{
    if (n->limit >= 0) {
        sqi_buf_printf(p->to, "GlobalLimit %lld", (long long)n->limit);
        next_line(p);
        sqi_buf_printf(p->to, "LocalLimit %lld", (long long)n->limit);
    }
    if (n->limit >= 0 && n->offset > 0)
        next_line(p);
    if (n->offset > 0 || n->limit < 0)
        sqi_buf_printf(p->to, "Offset %lld", (long long)n->offset);
}

static void source(printer *p, const numbered *x)
{
    sqi_buf_span(p->to, x->node->source->format);
    sqi_buf_text(p->to, ", ");
    columns(p, x, 0);
}

static void generate(printer *p, const numbered *x)
{
    const sqi_bound *g = x->node->expr[0];
    expression(p, g, x->input[0]->id);
    sqi_buf_text(p->to, g->outer || g->generator->outer ? ", true, " : ", false, ");
    columns(p, x, x->node->nkept);
}

static void join(printer *p, const numbered *x)
{
    static const char *const kinds[] = {"Inner",     "Cross",    "LeftOuter", "RightOuter",
                                        "FullOuter", "LeftSemi", "LeftAnti"};
    const sqi_node *n = x->node;
    uint32_t left = n->input[0]->ncol, both = left + n->input[1]->ncol;
    uint32_t *id = sqi_arena_array(&p->arena, both, sizeof *id);
    sqi_buf_text(p->to, kinds[n->join]);
    if (!n->nexpr)
        return;
    if (!id) {
        p->to->failed = true;
        return;
    }
    for (uint32_t i = 0; i < both; i++)
        id[i] = i < left ? x->input[0]->id[i] : x->input[1]->id[i - left];
    sqi_buf_text(p->to, ", ");
    expression(p, n->expr[0], id);
}

/* What stands behind the name of a node, where the logical and the physical plan say the same. */
static void arguments(printer *p, const numbered *x)
{
    const sqi_node *n = x->node;
    switch (n->kind) {
    case SQI_NODE_SOURCE:
        source(p, x);
        break;
    case SQI_NODE_VALUES:
        if (n->ncol)
            columns(p, x, 0);
        break;
    case SQI_NODE_PROJECT:
        outputs(p, x);
        break;
    case SQI_NODE_FILTER:
        expression(p, n->expr[0], x->input[0]->id);
        break;
    case SQI_NODE_GENERATE:
        generate(p, x);
        break;
    case SQI_NODE_EXPAND:
        expand(p, x);
        break;
    case SQI_NODE_SORT:
        sort(p, x);
        break;
    case SQI_NODE_WATERMARK:
        expression(p, n->expr[0], x->input[0]->id);
        sqi_buf_printf(p->to, ", %lld microseconds", (long long)n->delay);
        break;
    case SQI_NODE_JOIN:
        join(p, x);
        break;
    case SQI_NODE_DEDUP:
        expressions(p, x, 0, n->nexpr);
        break;
    case SQI_NODE_ALIAS:
        sqi_buf_span(p->to, n->name.len ? n->name : SQI_SPAN("__auto_generated_subquery_name"));
        break;
    case SQI_NODE_AGGREGATE:
    case SQI_NODE_LIMIT:
    case SQI_NODE_UNION: /* each plan has its own words for them */
        break;
    }
}

static void logical_line(printer *p, const numbered *x)
{
    static const char *const name[] = {[SQI_NODE_SOURCE] = "Relation ",
                                       [SQI_NODE_VALUES] = "LocalRelation ",
                                       [SQI_NODE_PROJECT] = "Project ",
                                       [SQI_NODE_FILTER] = "Filter ",
                                       [SQI_NODE_GENERATE] = "Generate ",
                                       [SQI_NODE_EXPAND] = "Expand ",
                                       [SQI_NODE_SORT] = "Sort ",
                                       [SQI_NODE_DEDUP] = "Deduplicate ",
                                       [SQI_NODE_ALIAS] = "SubqueryAlias ",
                                       [SQI_NODE_WATERMARK] = "EventTimeWatermark ",
                                       [SQI_NODE_JOIN] = "Join "};
    const sqi_node *n = x->node;
    switch (n->kind) {
    case SQI_NODE_AGGREGATE:
        distinct_or_aggregate(p, x);
        return;
    case SQI_NODE_LIMIT:
        limit(p, n);
        return;
    case SQI_NODE_UNION:
        sqi_buf_text(p->to, n->subtract ? "Except" : n->intersect ? "Intersect" : "Union");
        return;
    default:
        sqi_buf_text(p->to, n->kind == SQI_NODE_SOURCE && n->streaming ? "Streaming" : "");
        sqi_buf_text(p->to, n->kind == SQI_NODE_VALUES && !n->ncol ? "OneRowRelation" : name[n->kind]);
        arguments(p, x);
    }
}

/* One line for each operator, even where Spark's logical plan has several nodes. */
static void physical_line(printer *p, const numbered *x, const char *name)
{
    const sqi_node *n = x->node;
    sqi_buf_text(p->to, name);
    if (n->kind == SQI_NODE_AGGREGATE) {
        sqi_buf_text(p->to, "(keys=");
        expressions(p, x, 0, n->nkey);
        sqi_buf_text(p->to, ", functions=");
        expressions(p, x, n->nkey, n->nexpr);
        sqi_buf_byte(p->to, ')');
    } else if (n->kind == SQI_NODE_LIMIT) {
        if (n->limit >= 0)
            sqi_buf_printf(p->to, " %lld", (long long)n->limit);
        if (n->offset > 0)
            sqi_buf_printf(p->to, "%s offset %lld", n->limit >= 0 ? "," : "", (long long)n->offset);
    } else if (n->kind != SQI_NODE_UNION && n->ncol) {
        sqi_buf_byte(p->to, ' ');
        arguments(p, x);
    }
    if (!p->physical->more(p->physical->context, n, p->to))
        p->to->failed = true;
}

static void tree(printer *p, const numbered *x)
{
    const char *name = p->physical ? p->physical->name(p->physical->context, x->node) : NULL;
    if (p->physical && !name) { /* part of its input's operator */
        tree(p, x->input[0]);
        return;
    }
    size_t outer = p->indent.len;
    if (name)
        physical_line(p, x, name);
    else
        logical_line(p, x);
    sqi_buf_byte(p->to, '\n');
    size_t own = p->indent.len; /* a limit takes more than one line */
    for (uint32_t i = 0; i < x->node->ninput; i++) {
        bool last = i + 1 == x->node->ninput;
        sqi_buf_span(p->to, sqi_buf_view(&p->indent));
        sqi_buf_text(p->to, last ? "+- " : ":- ");
        sqi_buf_text(&p->indent, last ? "   " : ":  ");
        tree(p, x->input[i]);
        p->indent.len = own;
    }
    p->indent.len = outer;
}

bool sqi_plan_explain(sqi_buf *to, const sqi_node *root, const sqi_explain_physical *physical)
{
    printer p = {.to = to, .physical = physical};
    sqi_arena_init(&p.arena, to->alloc);
    sqi_buf_init(&p.indent, to->alloc, 0);
    const numbered *x = number(&p, root);
    if (x)
        tree(&p, x);
    bool ok = x && !to->failed && !p.indent.failed;
    sqi_buf_fini(&p.indent);
    sqi_arena_fini(&p.arena);
    return ok;
}
