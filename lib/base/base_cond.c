/*
 * base_cond: the list of base_cond.h as a table. Index 0 is "no error"; a number out of range reads as that row.
 */
#include "base_cond.h"

static const struct row {
    const char *name, *sqlstate, *text;
    streamq_status status;
} rows[] = {{"", "00000", "", STREAMQ_OK},
#define X(id, name, state, status, text) {name, state, text, status},
            SQI_CONDITIONS(X)
#undef X
};

static const struct row *row_of(sqi_cond c)
{
    return &rows[(unsigned)c < SQI_COND_COUNT_ ? c : SQI_COND_NONE];
}

const char *sqi_cond_name(sqi_cond c)
{
    return row_of(c)->name;
}

const char *sqi_cond_sqlstate(sqi_cond c)
{
    return row_of(c)->sqlstate;
}

streamq_status sqi_cond_status(sqi_cond c)
{
    return row_of(c)->status;
}

const char *sqi_cond_text(sqi_cond c)
{
    return row_of(c)->text;
}
