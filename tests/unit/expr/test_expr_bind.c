/* Names, fields, stars, calls, aggregates, generators, lambdas: what they resolve to and how they are refused. */
#include "expr_check.h"

typedef struct fixture {
    expr_bench x;
    sqi_attribute attr[8];
    sqi_scope scope;
} fixture;

static sqi_span span(const char *s)
{
    return sqi_span_of(s);
}

/* s(alpha INT, beta STRING, point STRUCT<x INT, y STRUCT<z DOUBLE>>, tags MAP<STRING, INT>), r(alpha BIGINT, list) */
static void setup(fixture *f)
{
    expr_bench_init(&f->x);
    sqi_type_pool *pool = f->x.pool;
    sqi_field inner[] = {{span("z"), &sqi_type_double, true}};
    sqi_field point[] = {{span("x"), &sqi_type_int, true}, {span("y"), sqi_type_struct(pool, inner, 1), true}};
    const sqi_type *point_type = sqi_type_struct(pool, point, 2);
    f->attr[0] = (sqi_attribute){span("alpha"), span("s"), &sqi_type_int, false, false, false};
    f->attr[1] = (sqi_attribute){span("beta"), span("s"), &sqi_type_string, true, false, false};
    f->attr[2] = (sqi_attribute){span("point"), span("s"), point_type, true, false, false};
    f->attr[3] = (sqi_attribute){span("tags"), span("s"), sqi_type_map(pool, &sqi_type_string, &sqi_type_int, true),
                                 true,         false,     false};
    f->attr[4] = (sqi_attribute){span("alpha"), span("r"), &sqi_type_bigint, true, false, false};
    f->attr[5] = (sqi_attribute){span("list"), span("r"), sqi_type_array(pool, point_type, true), true, false, false};
    f->attr[6] = (sqi_attribute){span("secret"), span("r"), &sqi_type_int, true, true, false};
    f->scope = (sqi_scope){7, f->attr};
    f->x.binder.scope = &f->scope;
}

static streamq_status bind(fixture *f, const char *text, sqi_bound **out, streamq_error **err)
{
    sqi_ast *ast;
    SQI_TRY(expr_bench_parse(&f->x, text, &ast, err));
    return sqi_bind(&f->x.binder, ast, out, err);
}

static void resolves(fixture *f, const char *text, const char *type)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    streamq_status status = bind(f, text, &e, &err);
    ck_assert_msg(status == STREAMQ_OK, "%s: %s", text, sqi_error_text(err));
    sqi_buf got;
    sqi_buf_init(&got, &f->x.alloc, 0);
    sqi_type_print(&got, e->type);
    sqi_buf_byte(&got, '\0');
    ck_assert_msg(strcmp(got.ptr, type) == 0, "%s is %s", text, got.ptr);
    sqi_buf_fini(&got);
}

/* The condition, and the text that the caret stands under. */
static void refused(fixture *f, const char *text, sqi_cond cond, const char *place)
{
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    size_t begin = 0, end = 0;
    ck_assert_msg(bind(f, text, &e, &err) != STREAMQ_OK, "%s is accepted", text);
    ck_assert_msg(sqi_error_cond(err) == cond, "%s: %s", text, sqi_cond_name(sqi_error_cond(err)));
    ck_assert_msg(sqi_error_where(err, &begin, &end), "%s: no place", text);
    ck_assert_msg(end - begin == strlen(place) && strncmp(text + begin, place, end - begin) == 0, "%s: at '%.*s'", text,
                  (int)(end - begin), text + begin);
    sqi_error_free(err);
}

START_TEST(names_find_columns_by_qualifier_and_fields_by_name)
{
    fixture f;
    setup(&f);
    resolves(&f, "BETA", "string");
    resolves(&f, "s.alpha", "int");
    resolves(&f, "R.Alpha", "bigint");
    resolves(&f, "point.x", "int");
    resolves(&f, "s.point.Y.z", "double");
    resolves(&f, "tags.colour", "int");
    resolves(&f, "list.x", "array<int>");
    resolves(&f, "list.y.z", "array<double>");
    resolves(&f, "secret", "int");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(a_name_of_two_columns_is_ambiguous)
{
    fixture f;
    setup(&f);
    refused(&f, "1 + alpha", SQI_COND_AMBIGUOUS_REFERENCE, "alpha");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(an_unknown_name_is_told_its_neighbours)
{
    fixture f;
    sqi_bound *e;
    streamq_error *err = NULL;
    setup(&f);
    refused(&f, "upper(bta)", SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION, "bta");
    ck_assert_int_ne(bind(&f, "bta", &e, &err), STREAMQ_OK);
    const char *message = sqi_error_message(err), *beta = strstr(message, "beta"), *point = strstr(message, "point");
    ck_assert_msg(beta && (!point || beta < point), "%s", message);
    ck_assert_ptr_null(strstr(message, "secret"));
    sqi_error_free(err);
    refused(&f, "t.beta", SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION, "t.beta");
    refused(&f, "point.q", SQI_COND_FIELD_NOT_FOUND, "point.q");
    refused(&f, "beta.q", SQI_COND_INVALID_EXTRACT_BASE_FIELD_TYPE, "beta.q");
    f.scope.n = 0;
    refused(&f, "beta", SQI_COND_UNRESOLVED_COLUMN__WITHOUT_SUGGESTION, "beta");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(an_unknown_function_is_told_its_neighbours)
{
    fixture f;
    sqi_bound *e;
    streamq_error *err = NULL;
    setup(&f);
    refused(&f, "1 + uper(beta)", SQI_COND_UNRESOLVED_ROUTINE, "uper(beta)");
    ck_assert_int_ne(bind(&f, "uper(beta)", &e, &err), STREAMQ_OK);
    ck_assert_ptr_nonnull(strstr(sqi_error_message(err), "upper"));
    sqi_error_free(err);
    refused(&f, "upper()", SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION, "upper()");
    refused(&f, "row_number()", SQI_COND_WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE, "row_number()");
    refused(&f, "sum(beta) OVER (PARTITION BY beta)", SQI_COND_NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING,
            "sum(beta) OVER (PARTITION BY beta)");
    refused(&f, "upper(DISTINCT beta)", SQI_COND_INVALID_SQL_SYNTAX__FUNCTION_WITH_UNSUPPORTED_SYNTAX,
            "upper(DISTINCT beta)");
    refused(&f, "getfield(point)", SQI_COND_UNRESOLVED_ROUTINE, "getfield(point)"); /* made by code only */
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(aggregates_stand_where_the_clause_allows_them)
{
    fixture f;
    sqi_bound *e = NULL;
    setup(&f);
    f.x.binder.clause = "WHERE";
    refused(&f, "max(s.alpha) > 1", SQI_COND_INVALID_WHERE_CONDITION, "max(s.alpha)");
    f.x.binder.clause = "GROUP BY";
    refused(&f, "max(s.alpha)", SQI_COND_GROUP_BY_AGGREGATE, "max(s.alpha)");
    f.x.binder.clause = "|> EXTEND";
    refused(&f, "max(s.alpha)", SQI_COND_PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION, "max(s.alpha)");
    f.x.binder.clause = "SELECT";
    f.x.binder.allow = SQI_BIND_AGGREGATES;
    refused(&f, "max(1 + sum(s.alpha))", SQI_COND_NESTED_AGGREGATE_FUNCTION, "sum(s.alpha)");
    refused(&f, "sum()", SQI_COND_WRONG_NUM_ARGS__WITHOUT_SUGGESTION, "sum()");
    refused(&f, "sum(s.alpha) FILTER (WHERE beta)", SQI_COND_INVALID_AGGREGATE_FILTER__NOT_BOOLEAN, "beta");
    ck_assert_int_eq(bind(&f, "count(DISTINCT beta) FILTER (WHERE s.alpha > 1) + 1", &e, NULL), STREAMQ_OK);
    const sqi_bound *agg = e->arg[0]->kind == SQI_BOUND_AGG ? e->arg[0] : e->arg[1];
    ck_assert_int_eq(agg->kind, SQI_BOUND_AGG);
    ck_assert(agg->distinct && agg->filter && agg->filter->type->id == SQI_BOOLEAN);
    sqi_bound *star = NULL, *one = NULL;
    ck_assert_int_eq(bind(&f, "count(*)", &star, NULL), STREAMQ_OK);
    ck_assert_int_eq(bind(&f, "count(1)", &one, NULL), STREAMQ_OK);
    ck_assert(sqi_bound_equal(star, one));
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(generators_stand_alone_in_a_select_list)
{
    fixture f;
    sqi_bound *e = NULL;
    setup(&f);
    f.x.binder.allow = SQI_BIND_GENERATORS;
    ck_assert_int_eq(bind(&f, "explode(list)", &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(e->kind, SQI_BOUND_GENERATOR);
    ck_assert_int_eq(bind(&f, "explode(list) AS item", &e, NULL), STREAMQ_OK);
    refused(&f, "1 + explode(list)", SQI_COND_UNSUPPORTED_GENERATOR__NESTED_IN_EXPRESSIONS, "explode(list)");
    f.x.binder.allow = 0;
    f.x.binder.clause = "WHERE";
    refused(&f, "explode(list)", SQI_COND_UNSUPPORTED_GENERATOR__OUTSIDE_SELECT, "explode(list)");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(lambda_parameters_hide_columns)
{
    fixture f;
    setup(&f);
    resolves(&f, "transform(list, beta -> beta.x)", "array<int>");
    resolves(&f, "transform(list, v -> concat(v.x, beta))", "array<string>");
    resolves(&f, "transform(list, (v, i) -> transform(list, (w, j) -> i + j + v.x))", "array<array<int>>");
    refused(&f, "transform(list, (v, V) -> 1)", SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__DUPLICATE_ARG_NAMES,
            "(v, V) -> 1");
    refused(&f, "transform(list, (a, b, c) -> 1)", SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__NUM_ARGS_MISMATCH,
            "(a, b, c) -> 1");
    refused(&f, "upper(v -> v)", SQI_COND_INVALID_LAMBDA_FUNCTION_CALL__NON_HIGHER_ORDER_FUNCTION, "upper(v -> v)");
    expr_bench_fini(&f.x);
}
END_TEST

static sqi_bound **star(fixture *f, const char *text, uint32_t *n, sqi_span **names, streamq_error **err)
{
    sqi_parser p;
    sqi_ast **list = NULL;
    uint32_t count = 0;
    sqi_bound **out = NULL;
    memset(&p, 0, sizeof p);
    ck_assert_int_eq(sqi_parser_init(&p, sqi_span_of(text), &f->x.plan, f->x.pool, f->x.zones, f->x.eval.zone, NULL),
                     STREAMQ_OK);
    ck_assert_int_eq(sqi_parse_list(&p, true, &list, &count, NULL), STREAMQ_OK);
    ck_assert_uint_eq(count, 1);
    *n = 0;
    return sqi_bind_star(&f->x.binder, list[0], &out, names, n, err) == STREAMQ_OK ? out : NULL;
}

START_TEST(stars_expand_in_order_without_hidden_columns)
{
    fixture f;
    uint32_t n;
    sqi_span *names;
    streamq_error *err = NULL;
    setup(&f);
    ck_assert_ptr_nonnull(star(&f, "*", &n, &names, NULL));
    ck_assert_uint_eq(n, 6);
    ck_assert_ptr_nonnull(star(&f, "r.*", &n, &names, NULL));
    ck_assert_uint_eq(n, 2);
    ck_assert(sqi_span_equal(names[1], SQI_SPAN("list")));
    ck_assert_ptr_nonnull(star(&f, "point.*", &n, &names, NULL));
    ck_assert_uint_eq(n, 2);
    ck_assert(sqi_span_equal(names[1], SQI_SPAN("y")));
    ck_assert_ptr_nonnull(star(&f, "* EXCEPT (s.alpha, list)", &n, &names, NULL));
    ck_assert_uint_eq(n, 4);
    ck_assert_ptr_null(star(&f, "* EXCEPT (nothing)", &n, &names, &err));
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION);
    sqi_error_free(err);
    err = NULL;
    ck_assert_ptr_null(star(&f, "q.*", &n, &names, &err));
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION);
    sqi_error_free(err);
    err = NULL;
    ck_assert_ptr_null(star(&f, "beta.*", &n, &names, &err));
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_INVALID_USAGE_OF_STAR_OR_REGEX);
    sqi_error_free(err);
    resolves(&f, "struct(r.*)", "struct<alpha:bigint,list:array<struct<x:int,y:struct<z:double>>>>");
    refused(&f, "1 + *", SQI_COND_INVALID_USAGE_OF_STAR_OR_REGEX, "*");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(a_condition_is_boolean_or_null)
{
    fixture f;
    sqi_ast *ast;
    sqi_bound *e = NULL;
    streamq_error *err = NULL;
    setup(&f);
    ck_assert_int_eq(expr_bench_parse(&f.x, "NULL", &ast, NULL), STREAMQ_OK);
    ck_assert_int_eq(sqi_bind_condition(&f.x.binder, ast, &e, NULL), STREAMQ_OK);
    ck_assert_int_eq(e->type->id, SQI_BOOLEAN);
    ck_assert_int_eq(expr_bench_parse(&f.x, "beta", &ast, NULL), STREAMQ_OK);
    ck_assert_int_ne(sqi_bind_condition(&f.x.binder, ast, &e, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_DATATYPE_MISMATCH__FILTER_NOT_BOOLEAN);
    sqi_error_free(err);
    expr_bench_fini(&f.x);
}
END_TEST

static sqi_bound *lookup(void *context, const sqi_ast *name, streamq_error **err)
{
    if (sqi_name_equal(name->part[0], SQI_SPAN("known")))
        return context;
    if (sqi_name_equal(name->part[0], SQI_SPAN("broken")))
        sqi_error_set(err, SQI_COND_MISSING_AGGREGATION, "no");
    return NULL;
}

START_TEST(parameters_and_names_of_others_are_looked_up)
{
    fixture f;
    sqi_bound *e = NULL;
    setup(&f);
    int64_t five = 5;
    sqi_vec value = {.type = &sqi_type_bigint, .data = &five, .mask = 0};
    const sqi_vec *const values[] = {&value};
    const sqi_span names[] = {{"low", 3}};
    sqi_params params = {1, names, values};
    f.x.binder.params = &params;
    resolves(&f, ":low + 1", "bigint");
    refused(&f, "1 + :high", SQI_COND_UNBOUND_SQL_PARAMETER, ":high");
    f.x.binder.lookup = lookup;
    f.x.binder.context = sqi_bound_column(&f.x.plan, 77, &sqi_type_int, true);
    ck_assert_int_eq(bind(&f, "known", &e, NULL), STREAMQ_OK);
    ck_assert_uint_eq(e->column, 77);
    refused(&f, "broken", SQI_COND_MISSING_AGGREGATION, "broken");
    refused(&f, "unknown", SQI_COND_UNRESOLVED_COLUMN__WITH_SUGGESTION, "unknown");
    expr_bench_fini(&f.x);
}
END_TEST

START_TEST(nesting_beyond_the_limit_is_refused_not_crashed_on)
{
    fixture f;
    setup(&f);
    sqi_buf text;
    sqi_buf_init(&text, &f.x.alloc, 0);
    sqi_buf_text(&text, "1");
    for (int i = 0; i < 5000; i++)
        sqi_buf_text(&text, " + 1");
    sqi_buf_byte(&text, '\0');
    sqi_bound *e;
    streamq_error *err = NULL;
    ck_assert_int_ne(bind(&f, text.ptr, &e, &err), STREAMQ_OK);
    ck_assert_int_eq(sqi_error_cond(err), SQI_COND_FAILED_TO_PARSE_TOO_COMPLEX);
    sqi_error_free(err);
    sqi_buf_fini(&text);
    expr_bench_fini(&f.x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {names_find_columns_by_qualifier_and_fields_by_name,
                                  a_name_of_two_columns_is_ambiguous,
                                  an_unknown_name_is_told_its_neighbours,
                                  an_unknown_function_is_told_its_neighbours,
                                  aggregates_stand_where_the_clause_allows_them,
                                  generators_stand_alone_in_a_select_list,
                                  lambda_parameters_hide_columns,
                                  stars_expand_in_order_without_hidden_columns,
                                  a_condition_is_boolean_or_null,
                                  parameters_and_names_of_others_are_looked_up,
                                  nesting_beyond_the_limit_is_refused_not_crashed_on};
    return sqi_test_main("expr_bind", tests, sizeof tests / sizeof *tests);
}
