/*
 * ext_numbers: a source and a sink of a program's own, against streamq_ext.h. The source counts 1, 2, ... `until`, at most
 * `step` numbers a micro-batch, as n BIGINT NOT NULL; the sink adds up what is committed. Both count what is opened and
 * handed out, so that a test sees each of it come back, and fail where they are told to. They assert nothing.
 */
#ifndef SQI_EXT_NUMBERS_H
#define SQI_EXT_NUMBERS_H

#include <streamq_ext.h>

typedef struct ext_numbers {
    int64_t until, step;
    const char *fails;          /* the member that fails with "out of sorts", "sink.open" for the sink's; or NULL */
    void *(*take)(size_t size); /* memory for arrays */
    void (*give)(void *block);
    int made, destroyed;     /* of tables: the test counts `made` */
    int opened, closed;      /* of instances */
    int handed_out, let_go;  /* arrays, schemas and streams of the source */
    int64_t staged, sum;     /* of the sink */
    int64_t commits, aborts; /* of the sink */
    int64_t forgotten;       /* the last offset that the source was told to forget */
} ext_numbers;

streamq_source ext_numbers_source(ext_numbers *numbers);
streamq_sink ext_numbers_sink(ext_numbers *numbers);

#endif
