/*
 * op_group_top: which groups can be among the first n of an order, kept up to date at the cost of the groups that change.
 *
 * For ORDER BY .. LIMIT n over the groups of a stream in complete mode: instead of all groups, a superset of the first n
 * leaves; the sort above works on that as it would on all. It knows one keyed table and nothing of how groups are made.
 */
#ifndef SQI_OP_GROUP_TOP_H
#define SQI_OP_GROUP_TOP_H

#include "keyed_table.h"
#include "op.h"

typedef struct sqi_group_top sqi_group_top;

/* The output columns of the groups in these rows of the table: col[] has room for all of them, those with wanted[c] are
   asked for. Vectors live in the arena of env->eval. */
typedef streamq_status (*sqi_group_columns)(void *context, const uint32_t *rows, uint32_t n, const bool *wanted,
                                            sqi_vec *col, streamq_error **err);

/* ncol: the groups' output columns. The parameters outlive it. Valid for free whatever it returns. */
streamq_status sqi_group_top_new(sqi_group_top **out, const sqi_op_group_top_params *p, uint32_t ncol,
                                 sqi_group_columns columns, void *context, sqi_op_env *env, streamq_error **err);
void sqi_group_top_free(sqi_group_top *t); /* NULL is fine */

/* Takes in what the micro-batch touched and removed; states are final. */
streamq_status sqi_group_top_update(sqi_group_top *t, sqi_table *table, streamq_error **err);
/* The rows were loaded from a checkpoint: all are looked at in the next update. */
void sqi_group_top_reload(sqi_group_top *t, const sqi_table *table);
/* The rows, in order of insertion; as sqi_table_scan. */
uint32_t sqi_group_top_scan(const sqi_group_top *t, const sqi_table *table, uint32_t last, uint32_t *rows,
                            uint32_t most);
uint32_t sqi_group_top_count(const sqi_group_top *t, sqi_table *table);

#endif
