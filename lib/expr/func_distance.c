/*
 * func_distance: how alike texts are, and checks of their form: levenshtein, jaro_winkler_similarity, soundex,
 * luhn_check. Distances count code points.
 */
#include "func_case.h"
#include "func_str.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

typedef struct codes {
    uint32_t *at;
    size_t n;
} codes;

static bool codes_of(sqi_span s, sqi_arena *arena, codes *out)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    out->n = 0;
    out->at = sqi_arena_get(arena, (s.len + 1) * sizeof *out->at);
    while (out->at && p < end)
        out->at[out->n++] = sqi_utf8_next(&p, end);
    return out->at != NULL;
}

/* ---- levenshtein ---------------------------------------------------------------------------------------------- */

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* One row of the table at a time. Past `limit` (if not negative) the answer is -1, and only a band of the table that
   wide is looked at. */
static int32_t distance(const codes *a, const codes *b, int64_t limit, int32_t *row)
{
    const int32_t far = INT32_MAX / 2;
    int64_t longer = a->n > b->n ? (int64_t)(a->n - b->n) : (int64_t)(b->n - a->n);
    if (limit >= 0 && longer > limit)
        return -1;
    for (size_t j = 0; j <= b->n; j++)
        row[j] = limit >= 0 && (int64_t)j > limit ? far : (int32_t)j;
    for (size_t i = 1; i <= a->n; i++) {
        size_t from = limit >= 0 && (int64_t)i > limit ? i - (size_t)limit : 1, to = b->n;
        if (limit >= 0 && (int64_t)to > (int64_t)i + limit)
            to = i + (size_t)limit;
        int32_t diagonal = row[from - 1], best = far;
        row[from - 1] = from == 1 ? (int32_t)i : far;
        for (size_t j = from; j <= to; j++) {
            int32_t above = row[j];
            row[j] = least(diagonal + (a->at[i - 1] != b->at[j - 1]), least(above, row[j - 1]) + 1);
            diagonal = above;
            best = least(best, row[j]);
        }
        if (to < b->n)
            row[to + 1] = far;
        if (limit >= 0 && least(best, row[from - 1]) > limit)
            return -1;
    }
    return limit >= 0 && row[b->n] > limit ? -1 : row[b->n];
}

static streamq_status levenshtein(KERNEL_ARGS)
{
    sqi_arena *arena = call->eval->arena;
    for (SQI_EACH(rows, k, i)) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        codes a, b;
        int64_t limit = call->node->narg == 3 ? SQI_AT(&arg[2], int32_t, i) : -1;
        if (!codes_of(SQI_SPAN_AT(&arg[0], i), arena, &a) || !codes_of(SQI_SPAN_AT(&arg[1], i), arena, &b))
            return sqi_error_nomem(err);
        int32_t *row = sqi_arena_get(arena, (b.n + 2) * sizeof *row);
        if (!row)
            return sqi_error_nomem(err);
        bool never = call->node->narg == 3 && limit < 0;
        SQI_OUT(out, int32_t)[i] = never ? -1 : distance(&a, &b, limit, row);
        sqi_arena_release(arena, mark);
    }
    return STREAMQ_OK;
}

/* ---- Jaro and Winkler ----------------------------------------------------------------------------------------- */

/* Code points that meet within half the longer text, and how many of them stand in another order. */
static double jaro(const codes *a, const codes *b, uint8_t *met)
{
    size_t longer = a->n > b->n ? a->n : b->n, reach = longer / 2 > 1 ? longer / 2 - 1 : 0, m = 0, moved = 0;
    uint8_t *in_a = met, *in_b = met + a->n;
    memset(met, 0, a->n + b->n);
    for (size_t i = 0; i < a->n; i++) {
        size_t from = i > reach ? i - reach : 0, to = i + reach + 1 < b->n ? i + reach + 1 : b->n;
        for (size_t j = from; j < to; j++)
            if (!in_b[j] && a->at[i] == b->at[j]) {
                in_a[i] = in_b[j] = 1;
                m++;
                break;
            }
    }
    if (!m)
        return 0;
    for (size_t i = 0, j = 0; i < a->n; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[j])
            j++;
        moved += a->at[i] != b->at[j++];
    }
    double x = (double)m;
    return (x / (double)a->n + x / (double)b->n + (x - (double)(moved / 2)) / x) / 3;
}

static streamq_status jaro_winkler(KERNEL_ARGS)
{
    sqi_arena *arena = call->eval->arena;
    for (SQI_EACH(rows, k, i)) {
        sqi_arena_mark mark = sqi_arena_mark_get(arena);
        codes a, b;
        if (!codes_of(SQI_SPAN_AT(&arg[0], i), arena, &a) || !codes_of(SQI_SPAN_AT(&arg[1], i), arena, &b))
            return sqi_error_nomem(err);
        uint8_t *met = sqi_arena_get(arena, a.n + b.n + 1);
        if (!met)
            return sqi_error_nomem(err);
        double likeness = a.n + b.n == 0 ? 1 : a.n && b.n ? jaro(&a, &b, met) : 0;
        size_t same = 0;
        while (same < 4 && same < a.n && same < b.n && a.at[same] == b.at[same])
            same++;
        SQI_OUT(out, double)[i] = likeness + (double)same * 0.1 * (1 - likeness);
        sqi_arena_release(arena, mark);
    }
    return STREAMQ_OK;
}

/* ---- soundex -------------------------------------------------------------------------------------------------- */

/* The first letter and three digits of the sounds behind it; a text that begins with no letter stays as it is. */
static streamq_status soundex(KERNEL_ARGS)
{
    static const char sounds[] = "01230127022455012623017202"; /* 7: no sound, but the one before goes on */
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char to[4] = {0, '0', '0', '0'};
        size_t n = 1;
        char first = s.len ? (char)(s.ptr[0] & ~0x20) : '\0';
        if (first < 'A' || first > 'Z') {
            SQI_OUT(out, sqi_str)[i] = *SQI_STR_AT(arg, i);
            continue;
        }
        to[0] = first;
        char last = sounds[first - 'A'];
        for (size_t at = 1; at < s.len && n < 4; at++) {
            char c = (char)(s.ptr[at] & ~0x20);
            if (c < 'A' || c > 'Z') {
                last = '0';
                continue;
            }
            char sound = sounds[c - 'A'];
            if (sound == '7')
                continue;
            if (sound != '0' && sound != last)
                to[n++] = sound;
            last = sound;
        }
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(to, 4);
    }
    return STREAMQ_OK;
}

/* ---- luhn_check ----------------------------------------------------------------------------------------------- */

static bool luhn(sqi_span s)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < s.len; i++) {
        uint32_t digit = (unsigned char)s.ptr[s.len - 1 - i] - (uint32_t)'0';
        if (digit > 9)
            return false;
        digit <<= i % 2;
        sum += digit > 9 ? digit - 9 : digit;
        sum %= 10;
    }
    return s.len > 0 && sum == 0;
}

static streamq_status luhn_check(KERNEL_ARGS)
{
    (void)call, (void)err;
    for (SQI_EACH(rows, k, i))
        SQI_OUT(out, uint8_t)[i] = luhn(SQI_SPAN_AT(arg, i));
    return STREAMQ_OK;
}

const sqi_func sqi_func_distance[] = {
    {.name = "levenshtein",
     .min_args = 2,
     .max_args = 3,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "ssi>i",
     .kernel = levenshtein,
     .text = "levenshtein(str, str[, limit]): the edits from one text to the other, -1 if more than limit"},
    {.name = "jaro_winkler_similarity",
     .min_args = 2,
     .max_args = 2,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "ss>d",
     .kernel = jaro_winkler,
     .text = "jaro_winkler_similarity(str, str): from 0 (nothing in common) to 1 (equal)"},
    {.name = "soundex",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "S>s",
     .kernel = soundex,
     .text = "soundex(str): the Soundex code of an English name"},
    {.name = "luhn_check",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "s>b",
     .kernel = luhn_check,
     .text = "luhn_check(str): is it a number whose last digit checks the others?"},
    {0},
};
