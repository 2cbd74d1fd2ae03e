/*
 * func_format: numbers under one conversion of a format ("%,.2f"), as java.util.Formatter writes them.
 */
#ifndef SQI_FUNC_FORMAT_H
#define SQI_FUNC_FORMAT_H

#include "base_buf.h"
#include "data_vec.h"

typedef struct sqi_format_spec {
    bool left, alternate, plus, space, zero, group, parens;
    int32_t width, precision; /* -1: not given */
    char conversion;          /* lower case */
    bool upper;
} sqi_format_spec;

/* d, o, x: `bits` is the width that negative values of o and x are shown in. */
bool sqi_format_int(sqi_buf *to, const sqi_format_spec *spec, int64_t v, int bits);
/* a, e, f, g */
bool sqi_format_real(sqi_buf *to, const sqi_format_spec *spec, double v);
/* Text cut to the precision and padded to the width. */
bool sqi_format_string(sqi_buf *to, const sqi_format_spec *spec, sqi_span text);

#endif
