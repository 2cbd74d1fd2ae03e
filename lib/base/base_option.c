/*
 * base_option: options as text and the tables that describe them.
 *
 * A set is a list in the order the program gave; setting a name again replaces its value in place. The arena keeps
 * every value ever set, which is bounded by what the program wrote. Reading expects a set that passed the check: a
 * value that does not parse reads as the row's default. Durations live in base_duration.c.
 */
#include "base_option.h"

#include "base_sort.h"

static sqi_option *find(const sqi_options *o, sqi_span name)
{
    for (sqi_option *i = o->first; i; i = i->next)
        if (sqi_span_equal_nocase(i->name, name))
            return i;
    return NULL;
}

static bool copy(sqi_arena *arena, sqi_span from, sqi_span *to)
{
    to->ptr = sqi_arena_text(arena, from.ptr, from.len);
    to->len = from.len;
    return to->ptr != NULL;
}

streamq_status sqi_options_set(sqi_options *o, sqi_span name, sqi_span value, streamq_error **err)
{
    sqi_span kept;
    if (!copy(o->arena, value, &kept))
        return sqi_error_nomem(err);
    sqi_option *option = find(o, name);
    if (option) {
        option->value = kept;
        return STREAMQ_OK;
    }
    option = sqi_arena_zero(o->arena, sizeof *option);
    if (!option || !copy(o->arena, name, &option->name))
        return sqi_error_nomem(err);
    option->value = kept;
    sqi_option **end = &o->first;
    while (*end)
        end = &(*end)->next;
    *end = option;
    return STREAMQ_OK;
}

bool sqi_options_get(const sqi_options *o, const char *name, sqi_span *value)
{
    const sqi_option *option = find(o, sqi_span_of(name));
    if (option)
        *value = option->value;
    return option != NULL;
}

static bool parse_bool(sqi_span text, int64_t *value)
{
    *value = sqi_span_equal_nocase(text, SQI_SPAN("true"));
    return *value || sqi_span_equal_nocase(text, SQI_SPAN("false"));
}

/* Digits with an optional sign from the front of *text. False: none, or too many. */
static bool parse_digits(sqi_span *text, int64_t *value)
{
    bool negative = text->len && text->ptr[0] == '-';
    size_t i = negative || (text->len && text->ptr[0] == '+');
    size_t first = i;
    int64_t sum = 0;
    for (; i < text->len && text->ptr[i] >= '0' && text->ptr[i] <= '9'; i++) {
        int digit = text->ptr[i] - '0';
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, negative ? -digit : digit, &sum))
            return false;
    }
    if (i == first)
        return false;
    text->ptr += i;
    text->len -= i;
    *value = sum;
    return true;
}

static bool parse_size(sqi_span text, int64_t *value)
{
    static const struct {
        const char *name;
        int64_t factor;
    } units[] = {{"", 1},        {"b", 1},        {"k", 1 << 10}, {"kb", 1 << 10},
                 {"m", 1 << 20}, {"mb", 1 << 20}, {"g", 1 << 30}, {"gb", 1 << 30}};
    if (!parse_digits(&text, value))
        return false;
    text = sqi_span_trim(text);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (sqi_span_equal_nocase(text, sqi_span_of(units[i].name)))
            return !__builtin_mul_overflow(*value, units[i].factor, value);
    return false;
}

/* A value as its row's kind. Text parses to 0. */
static bool parse(sqi_option_kind kind, sqi_span text, int64_t *value)
{
    text = sqi_span_trim(text);
    *value = 0;
    switch (kind) {
    case SQI_OPTION_TEXT:
        return true;
    case SQI_OPTION_BOOL:
        return parse_bool(text, value);
    case SQI_OPTION_INT:
        return parse_digits(&text, value) && text.len == 0;
    case SQI_OPTION_SIZE:
        return parse_size(text, value);
    case SQI_OPTION_DURATION:
        return sqi_duration_parse(text, value);
    }
    return false;
}

static const char *expected(sqi_option_kind kind)
{
    switch (kind) {
    case SQI_OPTION_TEXT:
        return "text";
    case SQI_OPTION_BOOL:
        return "true or false";
    case SQI_OPTION_INT:
        return "a whole number";
    case SQI_OPTION_SIZE:
        return "a number of bytes such as 65536, 64k, 8m or 1g";
    case SQI_OPTION_DURATION:
        return "a time such as '10 seconds', '500ms' or '1h'";
    }
    return "text";
}

static bool has_range(const sqi_option_row *row)
{
    return (row->kind == SQI_OPTION_INT || row->kind == SQI_OPTION_SIZE || row->kind == SQI_OPTION_DURATION) &&
           (row->min || row->max);
}

static int shown(sqi_span text)
{
    return text.len > 100 ? 100 : (int)text.len;
}

static streamq_status check_value(const sqi_option_row *row, sqi_span text, const char *what, streamq_error **err)
{
    int64_t value;
    if (!parse(row->kind, text, &value))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE, "option '%s' of %s is '%.*s'; it takes %s", row->name,
                             what, shown(text), text.ptr, expected(row->kind));
    if (has_range(row) && (value < row->min || value > row->max))
        return sqi_error_set(err, SQI_COND_INVALID_OPTION_VALUE,
                             "option '%s' of %s is '%.*s'; it must be between %lld and %lld%s", row->name, what,
                             shown(text), text.ptr, (long long)row->min, (long long)row->max,
                             row->kind == SQI_OPTION_DURATION ? " microseconds" : "");
    return STREAMQ_OK;
}

struct nearness {
    sqi_span wanted;
    const sqi_option_row *rows;
};

static int nearer(void *context, uint32_t a, uint32_t b)
{
    const struct nearness *n = context;
    unsigned x = sqi_name_distance(n->wanted, sqi_span_of(n->rows[a].name));
    unsigned y = sqi_name_distance(n->wanted, sqi_span_of(n->rows[b].name));
    return x < y ? -1 : x > y;
}

static streamq_status unknown(sqi_span name, const sqi_option_row *rows, size_t n, const char *what,
                              streamq_error **err)
{
    enum { MOST = 64 };
    uint32_t index[MOST], scratch[MOST];
    sqi_span names[MOST];
    size_t count = n < MOST ? n : MOST;
    streamq_status status =
        sqi_error_set(err, SQI_COND_UNKNOWN_OPTION, "%s has no option '%.*s'", what, shown(name), name.ptr);
    for (uint32_t i = 0; i < count; i++)
        index[i] = i;
    struct nearness context = {name, rows};
    sqi_sort_index(index, scratch, count, nearer, &context);
    for (size_t i = 0; i < count; i++)
        names[i] = sqi_span_of(rows[index[i]].name);
    if (err)
        sqi_error_candidates(*err, names, count);
    return status;
}

static const sqi_option_row *row_of(const sqi_option_row *rows, size_t n, sqi_span name)
{
    for (size_t i = 0; i < n; i++)
        if (sqi_span_equal_nocase(sqi_span_of(rows[i].name), name))
            return &rows[i];
    return NULL;
}

streamq_status sqi_options_check(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *what,
                                 streamq_error **err)
{
    for (const sqi_option *i = o->first; i; i = i->next) {
        const sqi_option_row *row = row_of(rows, n, i->name);
        if (!row)
            return unknown(i->name, rows, n, what, err);
        SQI_TRY(check_value(row, i->value, what, err));
    }
    for (size_t i = 0; i < n; i++)
        if (rows[i].required && !find(o, sqi_span_of(rows[i].name)))
            return sqi_error_set(err, SQI_COND_MISSING_OPTION, "%s needs the option '%s': %s", what, rows[i].name,
                                 rows[i].text ? rows[i].text : expected(rows[i].kind));
    return STREAMQ_OK;
}

sqi_span sqi_options_text(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name)
{
    sqi_span value;
    if (sqi_options_get(o, name, &value))
        return value;
    const sqi_option_row *row = row_of(rows, n, sqi_span_of(name));
    return sqi_span_of(row ? row->fallback : NULL);
}

int64_t sqi_options_int(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name)
{
    const sqi_option_row *row = row_of(rows, n, sqi_span_of(name));
    sqi_span text;
    int64_t value;
    if (!row)
        return 0;
    if (sqi_options_get(o, name, &text) && parse(row->kind, text, &value))
        return value;
    return row->fallback && parse(row->kind, sqi_span_of(row->fallback), &value) ? value : 0;
}

bool sqi_options_bool(const sqi_options *o, const sqi_option_row *rows, size_t n, const char *name)
{
    return sqi_options_int(o, rows, n, name) != 0;
}
