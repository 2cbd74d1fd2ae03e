/*
 * sql_rig: parse texts in one call and get back a line that shows the tree, for tests of the parsers.
 *
 *     sql_rig_expression(&rig, "a + b * 2")   ->  "(+ a (* b 2))"
 *     sql_rig_expression(&rig, "a +")         ->  "!PARSE_SYNTAX_ERROR 3-3"       the condition and the byte range
 *
 * In a tree: operators are (name operand ...), calls name(argument, ...), literals are as in SQL with the type in front
 * where it is not plain: [bigint 1]. Answers are valid until the next call.
 */
#ifndef SQI_SQL_RIG_H
#define SQI_SQL_RIG_H

#include "fail_alloc.h"
#include "sql_query.h"

typedef struct sql_rig {
    sqi_fail_alloc memory;
    sqi_type_pool *pool;
    sqi_zones *zones;
    sqi_arena arena;
    sqi_parser parser;
    sqi_buf out;
} sql_rig;

void sql_rig_init(sql_rig *r);
void sql_rig_fini(sql_rig *r); /* everything must have been given back */

const char *sql_rig_expression(sql_rig *r, const char *text);
const char *sql_rig_items(sql_rig *r, const char *text); /* a select list: items joined by "; " */
const char *sql_rig_sort(sql_rig *r, const char *text);
const char *sql_rig_type(sql_rig *r, const char *text);
const char *sql_rig_schema(sql_rig *r, const char *text);
const char *sql_rig_query(sql_rig *r, const char *text);
const char *sql_rig_name(sql_rig *r, const char *text); /* the default column name of an expression */

/* Every text gives its answer by one of the functions above. */
typedef struct sql_rig_row {
    const char *text, *want;
} sql_rig_row;
void sql_rig_check(const char *(*read)(sql_rig *r, const char *text), const sql_rig_row *rows, size_t n);

/* The tree itself, NULL with *err set. */
sqi_ast *sql_rig_parse(sql_rig *r, sqi_span text, streamq_error **err);
sqi_sql_query *sql_rig_parse_query(sql_rig *r, sqi_span text, streamq_error **err);

#endif
