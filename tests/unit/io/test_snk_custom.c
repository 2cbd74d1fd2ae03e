/*
 * A sink of the program, as the library drives it: it keeps the rows it is given as text until commit. Each of its
 * callbacks can be told to fail.
 */
#include "io_custom.h"

#include <stdio.h>

#include "data_arrow.h"
#include "io_rig.h"
#include "test_main.h"

typedef enum fault { NONE, OPEN, BEGIN, WRITE, COMMIT } fault;

typedef struct journal {
    fault fault;
    int opened, closed, aborted, arrays;
    streamq_output_mode mode;
    int64_t begun, committed;
    char columns[100], options[100], staged[400], kept[400];
} journal;

static int32_t fails(const journal *j, fault at, const char *text, streamq_ext_error *error)
{
    if (j->fault != at)
        return 0;
    streamq_ext_fail(error, text);
    return 10 + (int32_t)at;
}

static int32_t on_open(void *user, const char *const *names, const char *const *values, size_t options,
                       const struct ArrowSchema *schema, streamq_output_mode mode, void **instance,
                       streamq_ext_error *error)
{
    journal *j = user;
    j->mode = mode;
    j->columns[0] = j->options[0] = '\0';
    ck_assert_str_eq(schema->format, "+s");
    for (int64_t i = 0; i < schema->n_children; i++) {
        strcat(j->columns, schema->children[i]->name);
        strcat(j->columns, " ");
        strcat(j->columns, schema->children[i]->format);
        strcat(j->columns, ";");
    }
    for (size_t i = 0; i < options; i++) {
        strcat(j->options, names[i]);
        strcat(j->options, "=");
        strcat(j->options, values[i]);
        strcat(j->options, ";");
    }
    int32_t code = fails(j, OPEN, "no room", error);
    if (!code) {
        j->opened++;
        *instance = j;
    }
    return code;
}

static int32_t on_begin(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    journal *j = instance;
    j->begun = batch_id;
    j->staged[0] = '\0';
    return fails(j, BEGIN, "not now", error);
}

/* One column of BIGINT, one of STRING: "1:a " a row, '-' for null. */
static int32_t on_write(void *instance, struct ArrowArray *rows, streamq_ext_error *error)
{
    journal *j = instance;
    int32_t code = fails(j, WRITE, "disk full", error);
    const struct ArrowArray *n = rows->children[0], *t = rows->children[1];
    ck_assert_int_eq(rows->n_children, 2);
    ck_assert_int_eq(rows->offset, 0);
    for (int64_t i = 0; !code && i < rows->length; i++) {
        const int64_t *number = n->buffers[1];
        const int32_t *at = t->buffers[1];
        const uint8_t *valid = t->buffers[0];
        size_t len = strlen(j->staged);
        int64_t p = i + t->offset;
        bool there = !valid || (valid[p / 8] >> p % 8 & 1);
        len += (size_t)snprintf(j->staged + len, sizeof j->staged - len, "%lld:", (long long)number[i + n->offset]);
        snprintf(j->staged + len, sizeof j->staged - len, "%.*s ", there ? (int)(at[p + 1] - at[p]) : 1,
                 there ? (const char *)t->buffers[2] + at[p] : "-");
    }
    j->arrays++;
    rows->release(rows);
    return code;
}

static int32_t on_commit(void *instance, int64_t batch_id, streamq_ext_error *error)
{
    journal *j = instance;
    int32_t code = fails(j, COMMIT, "lost the lock", error);
    if (!code) {
        j->committed = batch_id;
        strcat(j->kept, j->staged);
        strcat(j->kept, "| ");
    }
    return code;
}

static void on_abort(void *instance)
{
    journal *j = instance;
    j->staged[0] = '\0';
    j->aborted++;
}

static void on_close(void *instance)
{
    ((journal *)instance)->closed++;
}

typedef struct fixture {
    rig r;
    journal j;
    sqi_custom_sink declared;
    sqi_chunk rows; /* 1:one 2:- 3:three 4:"" */
} fixture;

static void setup(fixture *f)
{
    *f = (fixture){0};
    rig_begin(&f->r);
    rig_columns(&f->r, (const char *[]){"n", "t"}, (const sqi_type *const[]){&sqi_type_bigint, &sqi_type_string}, 2);
    f->declared.type = sqi_snk_custom;
    f->declared.type.name = "journal";
    f->declared.table = (streamq_sink){.struct_size = sizeof(streamq_sink),
                                       .user = &f->j,
                                       .open = on_open,
                                       .begin = on_begin,
                                       .write = on_write,
                                       .commit = on_commit,
                                       .abort = on_abort,
                                       .close = on_close};
    f->rows = rig_beside(&f->r, rig_numbers(&f->r, (int64_t[]){1, 2, 3, 4}, 4),
                         rig_strings(&f->r, (const char *[]){"one", NULL, "three", ""}, 4));
}

static streamq_status open_it(fixture *f)
{
    rig *r = &f->r;
    return sqi_sink_open(&r->sink, &f->declared.type, &r->env, &r->options, &r->schema, STREAMQ_UPDATE, SQI_SPAN("q"),
                         &f->declared, &r->err);
}

static void start(fixture *f)
{
    setup(f);
    ck_assert_int_eq(open_it(f), STREAMQ_OK);
}

static void finish(fixture *f)
{
    rig_end(&f->r);
    ck_assert_int_eq(f->j.closed, f->j.opened); /* once for each open that succeeded */
}

START_TEST(rows_arrive_as_arrow_arrays_between_begin_and_commit)
{
    fixture f;
    start(&f);
    rig_write(&f.r, 7, &f.rows);
    ck_assert_int_eq(f.j.begun, 7);
    ck_assert_int_eq(f.j.committed, 7);
    ck_assert_str_eq(f.j.kept, "1:one 2:- 3:three 4: | ");
    rig_write(&f.r, 8, NULL); /* a batch without rows has no array */
    ck_assert_int_eq(f.j.arrays, 1);
    ck_assert_int_eq(f.j.committed, 8);
    ck_assert_int_eq(f.j.aborted, 0);
    finish(&f);
}
END_TEST

START_TEST(only_the_rows_of_the_selection_go_out)
{
    fixture f;
    uint32_t sel[2] = {1, 2};
    start(&f);
    f.rows.rows = (sqi_rows){sel, 2};
    rig_write(&f.r, 0, &f.rows);
    ck_assert_str_eq(f.j.kept, "2:- 3:three | ");
    finish(&f);
}
END_TEST

START_TEST(open_is_given_the_columns_the_mode_and_the_options)
{
    fixture f;
    setup(&f);
    rig_option(&f.r, "path", "/tmp/x");
    ck_assert_int_eq(open_it(&f), STREAMQ_OK);
    ck_assert_int_eq(f.j.mode, STREAMQ_UPDATE);
    ck_assert_str_eq(f.j.columns, "n l;t u;");
    ck_assert_str_eq(f.j.options, "path=/tmp/x;");
    finish(&f);
}
END_TEST

START_TEST(an_open_that_fails_is_never_closed)
{
    fixture f;
    setup(&f);
    f.j.fault = OPEN;
    streamq_status status = open_it(&f);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "sink 'journal': open returned 11: no room");
    ck_assert_ptr_null(f.r.sink);
    ck_assert_int_eq(f.j.closed, 0);
    finish(&f);
}
END_TEST

START_TEST(each_step_that_fails_says_which_and_why_and_the_batch_can_be_dropped)
{
    fixture f;
    start(&f);
    const sqi_sink_type *type = f.r.sink->type;
    f.j.fault = BEGIN;
    streamq_status status = type->begin(f.r.sink, 1, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "sink 'journal': begin returned 12: not now");
    f.j.fault = WRITE;
    ck_assert_int_eq(type->begin(f.r.sink, 1, &f.r.err), STREAMQ_OK);
    status = type->write(f.r.sink, &f.rows, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "sink 'journal': write returned 13: disk full");
    f.j.fault = COMMIT;
    ck_assert_int_eq(type->write(f.r.sink, &f.rows, &f.r.err), STREAMQ_OK);
    status = type->commit(f.r.sink, 1, &f.r.err);
    rig_refused(&f.r, status, SQI_COND_USER_CALLBACK_FAILED, "sink 'journal': commit returned 14: lost the lock");
    type->abort(f.r.sink);
    ck_assert_int_eq(f.j.aborted, 1);
    ck_assert_str_eq(f.j.kept, "");
    f.j.fault = NONE;
    rig_write(&f.r, 1, &f.rows);
    ck_assert_str_eq(f.j.kept, "1:one 2:- 3:three 4: | ");
    finish(&f);
}
END_TEST

START_TEST(begin_abort_and_close_may_be_missing)
{
    fixture f;
    setup(&f);
    f.declared.table.begin = NULL;
    f.declared.table.abort = NULL;
    f.declared.table.close = NULL;
    ck_assert_int_eq(open_it(&f), STREAMQ_OK);
    f.r.sink->type->abort(f.r.sink);
    rig_write(&f.r, 3, &f.rows);
    ck_assert_str_eq(f.j.kept, "1:one 2:- 3:three 4: | ");
    rig_end(&f.r);
    ck_assert_int_eq(f.j.closed, 0);
}
END_TEST

START_TEST(close_is_called_once_however_often_the_sink_ends)
{
    fixture f;
    start(&f);
    sqi_sink_end(f.r.sink);
    ck_assert_int_eq(f.j.closed, 1);
    sqi_sink_end(f.r.sink);
    finish(&f);
    ck_assert_int_eq(f.j.closed, 1);
}
END_TEST

static streamq_status live(sqi_alloc *alloc, void *context, streamq_error **err)
{
    fixture *f = context;
    sqi_io_env env = f->r.env;
    sqi_sink *k;
    env.alloc = alloc;
    f->j = (journal){0};
    streamq_status status = sqi_sink_open(&k, &f->declared.type, &env, &f->r.options, &f->r.schema, STREAMQ_APPEND,
                                          SQI_SPAN("q"), &f->declared, err);
    if (status == STREAMQ_OK)
        status = k->type->begin(k, 0, err);
    if (status == STREAMQ_OK)
        status = k->type->write(k, &f->rows, err);
    if (status == STREAMQ_OK)
        status = k->type->commit(k, 0, err);
    if (status == STREAMQ_OK)
        ck_assert_str_eq(f->j.kept, "1:one 2:- 3:three 4: | ");
    sqi_sink_close(k);
    ck_assert_int_eq(f->j.closed, f->j.opened);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    fixture f;
    setup(&f);
    rig_option(&f.r, "path", "/tmp/x");
    ck_assert_uint_gt(sqi_test_every_allocation(live, &f), 3);
    rig_end(&f.r);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        rows_arrive_as_arrow_arrays_between_begin_and_commit,
        only_the_rows_of_the_selection_go_out,
        open_is_given_the_columns_the_mode_and_the_options,
        an_open_that_fails_is_never_closed,
        each_step_that_fails_says_which_and_why_and_the_batch_can_be_dropped,
        begin_abort_and_close_may_be_missing,
        close_is_called_once_however_often_the_sink_ends,
        every_allocation_may_fail,
    };
    return sqi_test_main("snk_custom", tests, sizeof tests / sizeof *tests);
}
