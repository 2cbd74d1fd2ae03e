/*
 * expr_parse_interval: interval literals.
 *
 *   INTERVAL 1 DAY 2 HOURS, INTERVAL '1' DAY, INTERVAL -'1.5' SECOND   numbers with units
 *   INTERVAL '1-2' YEAR TO MONTH                                       one text for a range of fields
 *   INTERVAL '1 day 2 hours'                                           the units inside the text
 *
 * The type spans the fields that are named: years and months make one kind, days to seconds the other, and one literal
 * cannot have both. INTERVAL is a name where no such literal follows.
 */
#include "expr_parse_parts.h"

typedef struct unit_row {
    const char *name, *plural;
    int field;
} unit_row;

static const unit_row units[] = {
    {"YEAR", "YEARS", SQI_YEAR},
    {"MONTH", "MONTHS", SQI_MONTH},
    {"WEEK", "WEEKS", SQI_DAY},
    {"DAY", "DAYS", SQI_DAY},
    {"HOUR", "HOURS", SQI_HOUR},
    {"MINUTE", "MINUTES", SQI_MINUTE},
    {"SECOND", "SECONDS", SQI_SECOND},
    {"MILLISECOND", "MILLISECONDS", SQI_SECOND},
    {"MICROSECOND", "MICROSECONDS", SQI_SECOND},
    {"NANOSECOND", "NANOSECONDS", SQI_SECOND},
};

static const unit_row *unit_of(sqi_span word)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (sqi_span_equal_nocase(word, sqi_span_of(units[i].name)) ||
            sqi_span_equal_nocase(word, sqi_span_of(units[i].plural)))
            return &units[i];
    return NULL;
}

static const unit_row *unit_ahead(sqi_parser *p, unsigned k)
{
    const sqi_token *t = sqi_lex_ahead(&p->lex, k);
    return t->kind == SQI_TOKEN_IDENT ? unit_of(t->value) : NULL;
}

static bool is_amount(const sqi_token *t)
{
    return t->kind == SQI_TOKEN_INTEGER || t->kind == SQI_TOKEN_DECIMAL || t->kind == SQI_TOKEN_STRING;
}

/* Tokens of an amount with its sign at the k-th token, if a unit follows; else 0. */
static unsigned amount_ahead(sqi_parser *p, unsigned k)
{
    unsigned sign = sqi_parse_ahead(p, k, "-") || sqi_parse_ahead(p, k, "+");
    return is_amount(sqi_lex_ahead(&p->lex, k + sign)) && unit_ahead(p, k + sign + 1) ? sign + 1 : 0;
}

bool sqi_parse_interval_ahead(sqi_parser *p)
{
    return sqi_parse_at(p, "INTERVAL") && amount_ahead(p, 1);
}

/* ---------------------------------------------------------------- values */

typedef struct fields {
    int from, to; /* -1: none yet */
    bool mixed, nanos;
} fields;

static void add_field(fields *f, int field)
{
    f->mixed = f->mixed || (f->from >= 0 && (f->from <= SQI_MONTH) != (field <= SQI_MONTH));
    f->from = f->from < 0 || field < f->from ? field : f->from;
    f->to = field > f->to ? field : f->to;
}

static streamq_status invalid(sqi_parser *p, uint32_t begin, sqi_cond cond, streamq_error **err, const char *what)
{
    return sqi_parse_fault(p, begin, p->lex.last_end, cond,
                           "write INTERVAL '1' DAY, INTERVAL 1 DAY 2 HOURS or INTERVAL '1 02:00:00' DAY TO SECOND", err,
                           "%s", what);
}

/* The literal of a calendar value whose named fields are f. */
static streamq_status of_fields(sqi_parser *p, sqi_interval v, fields f, uint32_t begin, sqi_ast **out,
                                streamq_error **err)
{
    if (f.mixed)
        SQI_TRY(invalid(p, begin, SQI_COND_INVALID_INTERVAL_LITERAL, err,
                        "years and months cannot stand in one interval with days and times"));
    if (f.from <= SQI_MONTH)
        return sqi_parse_literal_of(p, sqi_type_interval_ym(f.from, f.to > SQI_MONTH ? SQI_MONTH : f.to), &v.months,
                                    sizeof v.months, begin, out, err);
    int64_t micros = 0;
    if (__builtin_mul_overflow((int64_t)v.days, SQI_MICROS_PER_DAY, &micros) ||
        __builtin_add_overflow(micros, v.micros, &micros))
        SQI_TRY(invalid(p, begin, SQI_COND_INVALID_INTERVAL_LITERAL, err, "the interval is too long"));
    return sqi_parse_literal_of(p, sqi_type_interval_dt(f.from, f.to), &micros, sizeof micros, begin, out, err);
}

/* A fraction anywhere but before seconds is what most malformed texts have. */
static bool has_fraction(sqi_span text, const fields *f)
{
    return text.len && memchr(text.ptr, '.', text.len) && f->to < SQI_SECOND;
}

/* Text of units; words between the numbers name the fields. */
streamq_status sqi_parse_interval_text(sqi_parser *p, sqi_span text, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    fields f = {.from = -1, .to = -1};
    sqi_interval v = {0};
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && ((text.ptr[end] | 0x20) >= 'a' && (text.ptr[end] | 0x20) <= 'z'))
            end++;
        const unit_row *unit = end > i ? unit_of((sqi_span){text.ptr + i, end - i}) : NULL;
        if (unit)
            add_field(&f, unit->field);
        i = end > i ? end : i + 1;
    }
    if (!sqi_time_interval_read_units(text, &v) || f.from < 0) {
        SQI_TRY(invalid(p, begin, SQI_COND_INVALID_TYPED_LITERAL, err, "the text is no interval"));
        f = (fields){.from = SQI_DAY, .to = SQI_DAY};
    }
    return of_fields(p, v, f, begin, out, err);
}

/* ---------------------------------------------------------------- numbers with units */

/* An amount as text: the sign given outside turns round the one inside. */
static bool put_amount(sqi_buf *to, bool minus, sqi_span amount)
{
    amount = sqi_span_trim(amount);
    if (minus && amount.len && *amount.ptr == '-')
        amount = (sqi_span){amount.ptr + 1, amount.len - 1};
    else if (minus)
        sqi_buf_byte(to, '-');
    return sqi_buf_span(to, amount);
}

static streamq_status read_units(sqi_parser *p, sqi_buf *to, fields *f, streamq_error **err)
{
    while (amount_ahead(p, 0)) {
        bool minus = sqi_parse_at(p, "-");
        if (minus || sqi_parse_at(p, "+"))
            SQI_TRY(sqi_parse_advance(p, err));
        put_amount(to, minus, p->lex.current.value);
        SQI_TRY(sqi_parse_advance(p, err));
        const unit_row *unit = unit_ahead(p, 0);
        add_field(f, unit->field);
        f->nanos = f->nanos || *unit->name == 'N';
        if (!sqi_buf_printf(to, " %s ", unit->plural))
            return sqi_error_nomem(err);
        SQI_TRY(sqi_parse_advance(p, err));
    }
    return STREAMQ_OK;
}

static streamq_status with_units(sqi_parser *p, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    fields f = {.from = -1, .to = -1};
    sqi_interval v = {0};
    sqi_buf all;
    sqi_buf_init(&all, p->arena->alloc, SQI_PARSE_MAX);
    streamq_status status = read_units(p, &all, &f, err);
    bool valid = status == STREAMQ_OK && sqi_time_interval_read_units(sqi_buf_view(&all), &v);
    bool fraction = status == STREAMQ_OK && has_fraction(sqi_buf_view(&all), &f);
    sqi_buf_fini(&all);
    SQI_TRY(status);
    if (f.nanos)
        SQI_TRY(
            invalid(p, begin, SQI_COND_INVALID_INTERVAL_FORMAT__INVALID_UNIT, err, "times are kept in microseconds"));
    else if (!valid && !f.mixed)
        SQI_TRY(invalid(
            p, begin, fraction ? SQI_COND_INVALID_INTERVAL_FORMAT__INVALID_FRACTION : SQI_COND_INVALID_INTERVAL_LITERAL,
            err, fraction ? "only seconds may have a fraction" : "the amounts and units are no interval"));
    return of_fields(p, v, f, begin, out, err);
}

/* ---------------------------------------------------------------- one text for a range */

static streamq_status refuse_range(sqi_parser *p, uint32_t begin, sqi_interval_read result, bool months,
                                   streamq_error **err)
{
    if (result == SQI_INTERVAL_READ_RANGE)
        return invalid(p, begin,
                       months ? SQI_COND_INVALID_INTERVAL_FORMAT__INTERVAL_PARSING : SQI_COND_INVALID_INTERVAL_LITERAL,
                       err, "a field of the interval is out of its range");
    return invalid(p, begin,
                   months ? SQI_COND_INVALID_INTERVAL_FORMAT__INTERVAL_PARSING
                          : SQI_COND_INVALID_INTERVAL_FORMAT__UNMATCHED_FORMAT_STRING_WITH_NOTICE,
                   err, "the text is not written as its fields want it");
}

/* At the amount of `amount from TO to`. */
static streamq_status with_range(sqi_parser *p, uint32_t begin, sqi_ast **out, streamq_error **err)
{
    bool minus = sqi_parse_at(p, "-");
    if (minus || sqi_parse_at(p, "+"))
        SQI_TRY(sqi_parse_advance(p, err));
    sqi_token amount = p->lex.current;
    int from = unit_ahead(p, 1)->field, to = unit_ahead(p, 3)->field;
    for (int i = 0; i < 4; i++)
        SQI_TRY(sqi_parse_advance(p, err));
    bool months = from == SQI_YEAR && to == SQI_MONTH, times = from >= SQI_DAY && to > from;
    if (amount.kind != SQI_TOKEN_STRING)
        SQI_TRY(invalid(p, begin, SQI_COND_INVALID_INTERVAL_LITERAL, err, "the amount of a range of fields is a text"));
    if (!months && !times) {
        SQI_TRY(invalid(p, begin, SQI_COND_INVALID_INTERVAL_FORMAT__UNSUPPORTED_FROM_TO_EXPRESSION, err,
                        "these two fields make no range"));
        return sqi_parse_literal_of(p, &sqi_type_void, NULL, 0, begin, out, err);
    }
    const sqi_type *type = months ? sqi_type_interval_ym(from, to) : sqi_type_interval_dt(from, to);
    int64_t v = 0;
    sqi_interval_read result = sqi_time_interval_read(amount.value, type, &v);
    if (result != SQI_INTERVAL_READ_OK)
        SQI_TRY(refuse_range(p, begin, result, months, err));
    v = minus && v != INT64_MIN ? -v : v;
    int32_t narrow = (int32_t)v;
    return sqi_parse_literal_of(p, type, months ? (const void *)&narrow : &v, months ? sizeof narrow : sizeof v, begin,
                                out, err);
}

streamq_status sqi_parse_interval(sqi_parser *p, sqi_ast **out, streamq_error **err)
{
    uint32_t begin = p->lex.current.begin;
    SQI_TRY(sqi_parse_advance(p, err));
    unsigned n = amount_ahead(p, 0);
    bool range = sqi_parse_ahead(p, n + 1, "TO") && unit_ahead(p, n + 2);
    return range ? with_range(p, begin, out, err) : with_units(p, begin, out, err);
}
