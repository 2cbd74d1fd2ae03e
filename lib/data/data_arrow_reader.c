/*
 * data_arrow_reader: the C stream interface from the consumer's side. What the producer says about a failure is passed
 * on, cut to a line's length; its errno decides only between no memory and everything else.
 */
#include "data_arrow.h"

#include <errno.h>

static streamq_status failed(struct ArrowArrayStream *stream, int code, const char *what, streamq_error **err)
{
    if (code == ENOMEM)
        return sqi_error_nomem(err);
    const char *said = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "%s of the Arrow stream gave error %d: %.400s", what, code,
                         said ? said : "no text");
}

streamq_status sqi_arrow_reader_open(sqi_arrow_reader *r, struct ArrowArrayStream *stream, streamq_error **err)
{
    *r = (sqi_arrow_reader){.stream = *stream};
    stream->release = NULL;
    streamq_status status = STREAMQ_OK;
    if (!r->stream.release || !r->stream.get_schema || !r->stream.get_next) {
        status =
            sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "the Arrow stream has been released or lacks a callback");
    } else {
        int code = r->stream.get_schema(&r->stream, &r->schema);
        if (code) {
            r->schema.release = NULL; /* what a failed call left there is not ours */
            status = failed(&r->stream, code, "get_schema", err);
        } else if (!r->schema.release) {
            status = sqi_error_set(err, SQI_COND_INVALID_ARGUMENT, "the Arrow stream gave a released schema");
        }
    }
    if (status != STREAMQ_OK)
        sqi_arrow_reader_close(r);
    return status;
}

void sqi_arrow_reader_close(sqi_arrow_reader *r)
{
    if (r->schema.release)
        r->schema.release(&r->schema);
    if (r->stream.release)
        r->stream.release(&r->stream);
    *r = (sqi_arrow_reader){0};
}

streamq_status sqi_arrow_reader_next(sqi_arrow_reader *r, sqi_alloc *alloc, sqi_type_pool *pool, const sqi_schema *want,
                                     sqi_batch **out, streamq_error **err)
{
    struct ArrowArray array = {0};
    *out = NULL;
    int code = r->stream.get_next(&r->stream, &array);
    if (code)
        return failed(&r->stream, code, "get_next", err);
    if (!array.release)
        return STREAMQ_OK;
    streamq_status status = sqi_arrow_import_batch(alloc, pool, want, &array, &r->schema, out, err);
    if (array.release)
        array.release(&array);
    return status;
}
