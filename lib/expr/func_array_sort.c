/*
 * func_array_sort: array_sort(array[, comparison]): by the order of the elements with nulls last, or by a lambda.
 *
 * The lambda runs over vectors, so the arrays of all rows are merge-sorted together: each step compares one pair of
 * every merge that is under way, in one run of the lambda. The sort is stable.
 */
#include "base_sort.h"
#include "data_order.h"
#include "expr_bind.h"
#include "func_array.h"

static streamq_status resolve(sqi_binder *b, sqi_bound *node, streamq_error **err)
{
    char label[128];
    SQI_TRY(sqi_bind_signature(b, node, "a_", err));
    const sqi_type *array = node->arg[0]->type;
    node->type = array;
    node->nullable = node->arg[0]->nullable;
    if (node->narg == 1) {
        if (sqi_type_is_orderable(array->field[0].type))
            return STREAMQ_OK;
        return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__INVALID_ORDERING_TYPE, err,
                                   "elements of %s have no order", sqi_type_label(array, label));
    }
    sqi_lambda_param one = {array->field[0].type, array->field[0].nullable}, both[2] = {one, one};
    SQI_TRY(sqi_bind_lambda(b, node, 1, both, 2, err));
    if (node->arg[1]->type->id == SQI_INT)
        return STREAMQ_OK;
    return sqi_bind_type_error(b, node, SQI_COND_DATATYPE_MISMATCH__UNEXPECTED_RETURN_TYPE, err,
                               "the comparison must give INT, not %s", sqi_type_label(node->arg[1]->type, label));
}

static int nulls_last(void *context, uint32_t a, uint32_t b)
{
    const sqi_vec *v = context;
    bool x = sqi_vec_valid(v, a), y = sqi_vec_valid(v, b);
    return x && y ? sqi_order_compare(v, a, v, b) : y - x;
}

/* Two sorted runs of positions that become one. */
typedef struct merge {
    uint32_t a, a_end, b, b_end, to, row;
} merge;

typedef struct sorter {
    sqi_form *form;
    sqi_call *call;
    const sqi_vec *element;
    uint32_t *from, *into; /* positions before and after a pass */
    merge *merges;
    uint32_t *left, *right, *parent; /* one pair of each merge */
    uint32_t n;
} sorter;

/* The pairs compared; *out has the results. */
static streamq_status compare(sorter *s, const sqi_vec **out, streamq_error **err)
{
    sqi_arena *arena = s->call->eval->arena;
    sqi_vec pair[2];
    const sqi_vec *var[2] = {&pair[0], &pair[1]};
    for (uint32_t m = 0; m < s->n; m++) {
        s->left[m] = s->from[s->merges[m].a];
        s->right[m] = s->from[s->merges[m].b];
        s->parent[m] = s->merges[m].row;
    }
    SQI_TRY(sqi_vec_gather(&pair[0], s->element, s->left, s->n, arena, err));
    SQI_TRY(sqi_vec_gather(&pair[1], s->element, s->right, s->n, arena, err));
    return sqi_form_lambda(s->form, 1, var, s->n, s->parent, (sqi_rows){NULL, s->n}, out, err);
}

/* Merges with an empty side are finished; the others stay. */
static void settle(sorter *s)
{
    uint32_t left = 0;
    for (uint32_t k = 0; k < s->n; k++) {
        merge m = s->merges[k];
        if (m.a < m.a_end && m.b < m.b_end) {
            s->merges[left++] = m;
            continue;
        }
        memcpy(s->into + m.to, s->from + m.a, (m.a_end - m.a) * sizeof *s->into);
        memcpy(s->into + m.to + (m.a_end - m.a), s->from + m.b, (m.b_end - m.b) * sizeof *s->into);
    }
    s->n = left;
}

static streamq_status pass(sorter *s, streamq_error **err)
{
    for (settle(s); s->n > 0; settle(s)) {
        const sqi_vec *order;
        SQI_TRY(compare(s, &order, err));
        for (uint32_t k = 0; k < s->n; k++) {
            merge *m = &s->merges[k];
            if (!sqi_vec_valid(order, k))
                return sqi_error_set(err, SQI_COND_COMPARATOR_RETURNS_NULL,
                                     "the comparison of array_sort gave null for a pair of elements");
            s->into[m->to++] = SQI_AT(order, int32_t, k) <= 0 ? s->from[m->a++] : s->from[m->b++];
        }
    }
    return STREAMQ_OK;
}

/* The merges of all lists for runs of `width`. */
static void plan_pass(sorter *s, const sqi_vec *out, sqi_rows rows, uint32_t width)
{
    s->n = 0;
    for (SQI_EACH(rows, k, i)) {
        if (!sqi_vec_valid(out, i))
            continue;
        sqi_list list = SQI_AT(out, sqi_list, i);
        for (uint32_t at = 0; at < list.length; at += 2 * width) {
            uint32_t a = list.offset + at, left = list.length - at;
            uint32_t first = left < width ? left : width, both = left / 2 < width ? left : 2 * width;
            s->merges[s->n++] = (merge){a, a + first, a + first, a + both, a, i};
        }
    }
}

static streamq_status sort_by_lambda(sqi_form *form, sqi_call *call, const sqi_vec *element, sqi_picks *picks,
                                     const sqi_vec *out, sqi_rows rows, streamq_error **err)
{
    sqi_arena *arena = call->eval->arena;
    size_t n = picks->n + 1;
    uint32_t longest = 0;
    sorter s = {.form = form, .call = call, .element = element, .from = picks->at};
    s.into = sqi_arena_get(arena, n * sizeof *s.into);
    s.merges = sqi_arena_get(arena, n * sizeof *s.merges);
    s.left = sqi_arena_get(arena, n * sizeof *s.left);
    s.right = sqi_arena_get(arena, n * sizeof *s.right);
    s.parent = sqi_arena_get(arena, n * sizeof *s.parent);
    if (!s.into || !s.merges || !s.left || !s.right || !s.parent)
        return sqi_error_nomem(err);
    for (SQI_EACH(rows, k, i))
        if (sqi_vec_valid(out, i) && SQI_AT(out, sqi_list, i).length > longest)
            longest = SQI_AT(out, sqi_list, i).length;
    for (uint32_t width = 1; width < longest && width < 1u << 31; width *= 2) {
        plan_pass(&s, out, rows, width);
        SQI_TRY(pass(&s, err));
        uint32_t *sorted = s.into;
        s.into = s.from;
        s.from = sorted;
    }
    picks->at = s.from;
    return STREAMQ_OK;
}

static streamq_status sort(sqi_form *form, sqi_call *call, sqi_rows rows, sqi_vec *out, streamq_error **err)
{
    const sqi_vec *list;
    sqi_picks picks;
    SQI_TRY(sqi_form_arg(form, 0, rows, &list, err));
    sqi_vec element = list->child[0];
    sqi_picks_init(&picks, call->eval->arena);
    if (list->valid)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        size_t begin = picks.n;
        sqi_list l = SQI_AT(list, sqi_list, i);
        if (!sqi_vec_valid(list, i)) {
            sqi_vec_set_null(out, i);
            continue;
        }
        if (!sqi_picks_run(&picks, l.offset, l.length))
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_list)[i] = sqi_picks_list(&picks, begin);
        if (call->node->narg > 1)
            continue;
        uint32_t *scratch = sqi_arena_get(call->eval->arena, ((size_t)l.length + 1) * sizeof *scratch);
        if (!scratch)
            return sqi_error_nomem(err);
        sqi_sort_index(picks.at + begin, scratch, l.length, nulls_last, &element);
    }
    if (call->node->narg > 1)
        SQI_TRY(sort_by_lambda(form, call, &element, &picks, out, rows, err));
    return sqi_picks_finish(&picks, out, 0, &element, err);
}

const sqi_func sqi_func_array_sort[] = {
    {.name = "array_sort",
     .min_args = 1,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL | SQI_FUNC_HIGHER,
     .resolve = resolve,
     .form = sort,
     .text = "array_sort(array[, (a, b) -> order]): the elements in order, nulls last, or by a comparison of two"},
    {0},
};
