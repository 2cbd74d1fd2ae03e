/*
 * io_format_options: see the header.
 */
#include "io_format_options.h"

#include "data_number.h"

sqi_span sqi_format_options_text(const sqi_format_options *o, const char *name)
{
    return sqi_options_text(o->set, o->row, o->n, name);
}

bool sqi_format_options_flag(const sqi_format_options *o, const char *name)
{
    return sqi_options_bool(o->set, o->row, o->n, name);
}

int64_t sqi_format_options_int(const sqi_format_options *o, const char *name)
{
    return sqi_options_int(o->set, o->row, o->n, name);
}

streamq_status sqi_format_options_refuse(const sqi_format_options *o, const char *name, sqi_span value,
                                         const char *takes, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option '%s' of format '%s' is '%.*s'; it takes %s", name,
                         o->format, value.len > 100 ? 100 : (int)value.len, value.len ? value.ptr : "", takes);
}

streamq_status sqi_format_options_locale(const sqi_format_options *o, streamq_error **err)
{
    sqi_span v = sqi_format_options_text(o, "locale");
    return sqi_span_equal_nocase(v, SQI_SPAN("en-US")) ? STREAMQ_OK
                                                       : sqi_format_options_refuse(o, "locale", v, "en-US alone", err);
}

streamq_status sqi_format_options_sampling(const sqi_format_options *o, double *ratio, streamq_error **err)
{
    sqi_span v = sqi_format_options_text(o, "samplingRatio");
    return sqi_number_read_double(v, ratio) && *ratio > 0
               ? STREAMQ_OK
               : sqi_format_options_refuse(o, "samplingRatio", v,
                                           "a number above 0, such as 0.1; from 1 on all records count", err);
}

streamq_status sqi_format_options_zone(const sqi_format_options *o, sqi_zones *zones, const sqi_zone **zone,
                                       streamq_error **err)
{
    sqi_span name;
    return zones && sqi_options_get(o->set, "timeZone", &name) ? sqi_zones_get(zones, name, zone, err) : STREAMQ_OK;
}
