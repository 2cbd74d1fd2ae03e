/*
 * data_pattern: reading patterns. Printing with them is in data_pattern_print.c, reading in data_pattern_read.c.
 *
 * What a pattern may hold was narrowed by Spark 3: no week-based letters, no narrow names, no letters that java.time
 * defines and the formatter before it did not. A pattern that the old formatter (SimpleDateFormat) would have taken is
 * refused with a condition of its own, so that people who bring old patterns learn what to change.
 */
#include "data_pattern_item.h"

const char *const sqi_pattern_months[12] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};
const char *const sqi_pattern_days[7] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

typedef enum fault { FAULT_NONE, FAULT_WEEK, FAULT_LETTER, FAULT_LENGTH, FAULT_OTHER } fault;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool among(char c, const char *set)
{
    return c && strchr(set, c);
}

static size_t run_at(sqi_span s, size_t i)
{
    size_t n = 1;
    while (i + n < s.len && s.ptr[i + n] == s.ptr[i])
        n++;
    return n;
}

/* Spark's own checks. They come in this order, each over a whole stretch between quotes. */
static fault check_letters(sqi_span s, bool reading)
{
    for (size_t from = 0; from <= s.len;) {
        const char *quote = from < s.len ? memchr(s.ptr + from, '\'', s.len - from) : NULL;
        size_t to = quote ? (size_t)(quote - s.ptr) : s.len;
        fault week = FAULT_NONE, letter = FAULT_NONE, length = FAULT_NONE;
        for (size_t i = from; i < to; i++) {
            size_t run = run_at(s, i);
            week = among(s.ptr[i], "YWwuec") ? FAULT_WEEK : week;
            letter = among(s.ptr[i], reading ? "ABnNpEFqQ" : "ABnNp") ? FAULT_LETTER : letter;
            length = (run >= 5 && among(s.ptr[i], "GMLEQq")) || (run >= 7 && s.ptr[i] == 'y') ? FAULT_LENGTH : length;
        }
        if (week || letter || length)
            return week ? week : letter ? letter : length;
        if (!quote)
            break;
        const char *close = to + 1 < s.len ? memchr(s.ptr + to + 1, '\'', s.len - to - 1) : NULL;
        if (!close)
            break;
        from = (size_t)(close - s.ptr) + 1;
    }
    return FAULT_NONE;
}

/* How often java.time takes a letter. */
static bool count_fits(char letter, size_t n)
{
    switch (letter) {
    case 'G':
    case 'E':
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'z':
        return n <= 4;
    case 'y':
        return n <= 6;
    case 'D':
        return n <= 3;
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's':
        return n <= 2;
    case 'S':
        return n <= 9;
    case 'a':
    case 'F':
        return n == 1;
    case 'V':
        return n == 2;
    case 'O':
        return n == 1 || n == 4;
    case 'X':
    case 'x':
    case 'Z':
        return n <= 5;
    default:
        return false;
    }
}

/* Would SimpleDateFormat have taken it? */
static bool was_legal(sqi_span s)
{
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\'')
            quoted = !quoted;
        else if (!quoted && is_letter(s.ptr[i]) && !among(s.ptr[i], "GyMLdkHmsSEDFwWahKzZYuX"))
            return false;
        else if (!quoted && s.ptr[i] == 'X' && run_at(s, i) > 3)
            return false;
    }
    return !quoted;
}

static streamq_status refuse(sqi_span s, fault f, streamq_error **err)
{
    static const sqi_cond conditions[] = {
        [FAULT_WEEK] = SQI_COND_INCONSISTENT_BEHAVIOR_CROSS_VERSION__DATETIME_WEEK_BASED_PATTERN,
        [FAULT_LETTER] = SQI_COND_INVALID_DATETIME_PATTERN__ILLEGAL_CHARACTER,
        [FAULT_LENGTH] = SQI_COND_INVALID_DATETIME_PATTERN__LENGTH,
        [FAULT_OTHER] = SQI_COND_INVALID_DATETIME_PATTERN__WITH_SUGGESTION,
    };
    sqi_cond cond =
        was_legal(s) ? SQI_COND_INCONSISTENT_BEHAVIOR_CROSS_VERSION__DATETIME_PATTERN_RECOGNITION : conditions[f];
    return sqi_error_set(err, cond, "'%.*s' is no date pattern: %s", s.len > 80 ? 80 : (int)s.len, s.ptr,
                         sqi_cond_text(cond));
}

/* A quoted text without its quotes, '' as one quote. The end of it, or 0: it is not closed. */
static size_t scan_quoted(sqi_span s, size_t i, char *to, size_t *len)
{
    *len = 0;
    if (i + 1 < s.len && s.ptr[i + 1] == '\'') { /* '' outside quotes is a quote */
        to[(*len)++] = '\'';
        return i + 2;
    }
    for (i++; i < s.len; i++) {
        if (s.ptr[i] == '\'' && (i + 1 == s.len || s.ptr[i + 1] != '\''))
            return i + 1;
        to[(*len)++] = s.ptr[i];
        i += s.ptr[i] == '\'';
    }
    return 0;
}

/* One item at i; the position after it, or 0. `open` is the stack of optional sections, as items. */
static size_t scan_item(sqi_pattern *p, sqi_span s, size_t i, char **text, uint32_t *open, uint32_t *nopen)
{
    sqi_pattern_item *item = &p->item[p->n];
    char c = s.ptr[i];
    *item = (sqi_pattern_item){.letter = '\'', .count = 1};
    if (is_letter(c)) {
        size_t n = run_at(s, i);
        if (!count_fits(c, n))
            return 0;
        item->letter = c;
        item->count = (uint32_t)n;
        p->has_era |= c == 'G';
        p->n++;
        return i + n;
    }
    if (c == '\'') {
        size_t len, end = scan_quoted(s, i, *text, &len);
        item->text = (sqi_span){*text, len};
        *text += len;
        p->n++;
        return end;
    }
    if (among(c, "{}#") || (c == ']' && !*nopen))
        return 0;
    if (c == '[' || c == ']') {
        item->letter = c;
        if (c == '[')
            open[(*nopen)++] = p->n;
        else
            p->item[open[--*nopen]].close = p->n;
    } else {
        **text = c;
        item->text = (sqi_span){(*text)++, 1};
    }
    p->n++;
    return i + 1;
}

/* Is the field a number of exactly `count` digits when it stands behind another number? */
static bool is_fixed(const sqi_pattern_item *item)
{
    return item->count == 2 && among(item->letter, "yMLdHhkKms") ? true : item->letter == 'D' && item->count == 3;
}

/* The first of adjacent numbers leaves the digits that the fixed ones behind it need. */
static void count_adjacent(sqi_pattern *p)
{
    for (uint32_t i = p->n; i-- > 1;) {
        const sqi_pattern_item *next = &p->item[i];
        if (is_fixed(next))
            p->item[i - 1].behind = next->behind + next->count;
    }
}

streamq_status sqi_pattern_compile(sqi_span s, bool reading, sqi_arena *arena, const sqi_pattern **out,
                                   streamq_error **err)
{
    fault f = check_letters(s, reading);
    if (f)
        return refuse(s, f, err);
    if (s.len > 4096)
        return sqi_error_set(err, SQI_COND_INVALID_DATETIME_PATTERN__WITH_SUGGESTION, "the date pattern is too long");
    sqi_pattern *p = sqi_arena_zero(arena, sizeof *p);
    char *text = sqi_arena_get(arena, s.len + 1);
    uint32_t *open = sqi_arena_array(arena, s.len + 1, sizeof *open), nopen = 0;
    if (!p || !text || !open || !(p->item = sqi_arena_array(arena, 2 * s.len + 1, sizeof *p->item)))
        return sqi_error_nomem(err);
    for (size_t i = 0; i < s.len;) {
        i = scan_item(p, s, i, &text, open, &nopen);
        if (!i)
            return refuse(s, FAULT_OTHER, err);
    }
    while (nopen) { /* a section may stay open to the end */
        p->item[p->n] = (sqi_pattern_item){.letter = ']', .count = 1};
        p->item[open[--nopen]].close = p->n++;
    }
    count_adjacent(p);
    *out = p;
    return STREAMQ_OK;
}
