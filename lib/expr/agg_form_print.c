/*
 * agg_form_print: what a saved state belongs to, as text. Names of columns are not in it, nor FILTER: they do not change
 * what a state is. Constants are (percentages, accuracies, how many): most of them change it.
 */
#include "agg_form.h"
#include "data_text.h"

static bool print_argument(sqi_buf *to, const sqi_bound *e, bool counts)
{
    if (e->kind == SQI_BOUND_CONST && !counts && e->type->id != SQI_VOID && sqi_vec_valid(e->value, 0))
        return sqi_text_literal(to, e->value, 0, false);
    return sqi_buf_text(to, "NULL::") && sqi_type_print_sql(to, e->type);
}

/* Constants count every row, whatever they are. */
static bool print_arguments(sqi_buf *to, const sqi_bound *node)
{
    bool rows = node->agg->flags & SQI_AGG_ADDS_ONE;
    for (uint32_t i = 0; rows && i < node->narg; ++i)
        rows = node->arg[i]->kind == SQI_BOUND_CONST && !node->arg[i]->nullable;
    if (rows)
        return sqi_buf_byte(to, '1');
    for (uint32_t i = 0; i < node->narg; ++i)
        if ((i && !sqi_buf_text(to, ", ")) || !print_argument(to, node->arg[i], i == 0 && !node->nsort))
            return false;
    return true;
}

static bool print_order(sqi_buf *to, const sqi_bound *node)
{
    for (uint32_t i = 0; i < node->nsort; ++i) {
        sqi_buf_text(to, i ? ", " : " WITHIN GROUP (ORDER BY ");
        print_argument(to, node->sort[i], true);
        sqi_buf_text(to, node->sort_flags[i] & 1 ? " DESC" : " ASC");
        sqi_buf_text(to, node->sort_flags[i] & 2 ? " NULLS FIRST" : " NULLS LAST");
    }
    return !node->nsort || sqi_buf_byte(to, ')');
}

bool sqi_agg_form_print(sqi_buf *to, const sqi_bound *node)
{
    const sqi_agg_form *form = node->agg->form;
    sqi_buf_text(to, sqi_agg_first_name(node->agg));
    sqi_buf_byte(to, '(');
    print_arguments(to, node);
    sqi_buf_byte(to, ')');
    print_order(to, node);
    if (node->ignore_nulls)
        sqi_buf_text(to, " IGNORE NULLS");
    sqi_buf_printf(to, " v%u", form ? form->version : 0);
    if (form && form->bytes)
        sqi_buf_printf(to, " of %u bytes", form->bytes);
    return !to->failed;
}
