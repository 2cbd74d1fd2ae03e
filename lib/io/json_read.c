/*
 * json_read: tokens. What is inside strings is in json_text.c.
 */
#include "json_read.h"

bool sqi_json_read_fail(sqi_json_reader *r, const char *at, const char *why)
{
    r->at = at < r->end ? at : r->end;
    r->why = why;
    return false;
}

#define FAIL(r, at, why) sqi_json_read_fail(r, at, why)

void sqi_json_read_open(sqi_json_reader *r, sqi_span text, uint32_t allow, sqi_arena *arena)
{
    r->begin = r->at = text.len ? text.ptr : "";
    r->end = r->begin + text.len;
    r->allow = allow;
    r->arena = arena;
    r->token = r->pending = SQI_JSON_DONE;
    r->incomplete = r->fraction = r->no_number = r->nomem = false;
    r->from = r->stop = r->begin;
    r->why = NULL;
    r->depth = 0;
    r->level[0] = (sqi_json_level){{NULL, 0}, false, false};
}

static bool comment(sqi_json_reader *r)
{
    if (!(r->allow & SQI_JSON_ALLOW_COMMENTS))
        return FAIL(r, r->at, "a comment, and allowComments is false");
    if (r->at == r->end || (*r->at != '/' && *r->at != '*'))
        return FAIL(r, r->at + 1, "a '/' that begins no comment");
    const char *p = r->at + 1;
    if (*r->at == '/') {
        while (p < r->end && *p != '\n' && *p != '\r')
            ++p;
        r->at = p;
        return true;
    }
    for (; r->end - p >= 2; ++p)
        if (p[0] == '*' && p[1] == '/') {
            r->at = p + 2;
            return true;
        }
    return FAIL(r, r->end, "a comment without its end");
}

enum { END = -1, ERROR = -2 };

/* The next byte that is neither white space nor comment, which is taken. */
static int significant(sqi_json_reader *r)
{
    while (r->at < r->end) {
        unsigned char c = (unsigned char)*r->at++;
        if (c > ' ') {
            if (c != '/')
                return c;
            if (!comment(r))
                return ERROR;
        } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            FAIL(r, r->at, "a control character between values");
            return ERROR;
        }
    }
    return END;
}

static int inside(sqi_json_reader *r)
{
    int c = significant(r);
    if (c != END)
        return c;
    FAIL(r, r->end, "the text ends too early");
    return ERROR;
}

static bool identifier_part(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '$' || c >= 127 ||
           c < 9 || (c >= 14 && c < 28);
}

/* Jackson reads on to show the whole word, and takes what stands behind it too. */
static bool no_word(sqi_json_reader *r)
{
    const char *p = r->at;
    while (p < r->end && identifier_part((unsigned char)*p))
        ++p;
    return FAIL(r, p + 1, "a word that is no value");
}

/* The rest of a word, of which `done` bytes were taken. */
static bool match(sqi_json_reader *r, const char *text, size_t done)
{
    for (const char *p = text + done; *p; ++p, ++r->at)
        if (r->at == r->end || *r->at != *p)
            return no_word(r);
    if (r->at < r->end) {
        unsigned char c = (unsigned char)*r->at;
        if (c >= '0' && c != ']' && c != '}' && identifier_part(c))
            return no_word(r);
    }
    r->stop = r->at;
    return true;
}

static bool no_number(sqi_json_reader *r)
{
    if (!(r->allow & SQI_JSON_ALLOW_NON_NUMBERS))
        return FAIL(r, r->at, "a number that is none, and allowNonNumericNumbers is false");
    r->pending = SQI_JSON_NUMBER;
    r->fraction = r->no_number = true;
    return true;
}

/* Behind a sign: INF and Infinity. */
static bool infinite(sqi_json_reader *r, char sign)
{
    if (r->at == r->end)
        return FAIL(r, r->end, "a sign without a number");
    char c = *r->at++;
    if (c == 'I') {
        if (r->at == r->end)
            return FAIL(r, r->end, "a sign without a number");
        c = *r->at++;
        if (c == 'N')
            return match(r, sign == '-' ? "-INF" : "+INF", 3) && no_number(r);
        if (c == 'n')
            return match(r, sign == '-' ? "-Infinity" : "+Infinity", 3) && no_number(r);
    }
    return FAIL(r, r->at, "a sign without a number");
}

static bool digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* The digits and what follows them; `at` stands behind the first byte, which is at `from`. */
static bool number(sqi_json_reader *r)
{
    const char *p = r->from + (*r->from == '-'), *end = r->end;
    size_t marks = 0;
    if (!digit(p, end))
        return infinite(r, '-');
    const char *first = p;
    if (*p == '0' && digit(p + 1, end) && !(r->allow & SQI_JSON_ALLOW_LEADING_ZEROS))
        return FAIL(r, p + 1, "a number with a leading zero, and allowNumericLeadingZeros is false");
    while (digit(p, end))
        ++p;
    if (p < end && *p == '.') {
        if (!digit(++p, end))
            return FAIL(r, p + 1, "no digit behind the point of a number");
        ++marks;
        while (digit(p, end))
            ++p;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        ++p;
        ++marks;
        if (p < end && (*p == '+' || *p == '-')) {
            ++p;
            ++marks;
        }
        if (!digit(p, end))
            return FAIL(r, p + 1, "no digit in the exponent of a number");
        while (digit(p, end))
            ++p;
    }
    r->at = r->stop = p;
    if ((size_t)(p - first) - marks > SQI_JSON_NUMBER_MOST)
        return FAIL(r, p, "a number of more than 1000 digits");
    r->fraction = marks > 0;
    r->pending = SQI_JSON_NUMBER;
    return true;
}

static bool word(sqi_json_reader *r, const char *text, sqi_json_token t)
{
    if (!match(r, text, 1))
        return false;
    r->pending = t;
    return true;
}

/* What the value is that begins with this byte, which was taken: into `pending`. */
static bool value(sqi_json_reader *r, int c)
{
    r->from = r->at - 1;
    r->fraction = r->no_number = false;
    switch (c) {
    case '"':
        r->incomplete = true;
        r->pending = SQI_JSON_STRING;
        return true;
    case '{':
        r->pending = SQI_JSON_OBJECT;
        return true;
    case '[':
        r->pending = SQI_JSON_ARRAY;
        return true;
    case 't':
        return word(r, "true", SQI_JSON_TRUE);
    case 'f':
        return word(r, "false", SQI_JSON_FALSE);
    case 'n':
        return word(r, "null", SQI_JSON_NULL);
    case 'N':
        return match(r, "NaN", 1) && no_number(r);
    case 'I':
        return match(r, "Infinity", 1) && no_number(r);
    case '+':
        return infinite(r, '+');
    case '\'':
        if (!(r->allow & SQI_JSON_ALLOW_APOSTROPHES))
            return FAIL(r, r->at, "a string in single quotes, and allowSingleQuotes is false");
        if (!sqi_json_text_read(r, '\'', false, &r->text))
            return false;
        r->pending = SQI_JSON_STRING;
        return true;
    default:
        if (c == '-' || (c >= '0' && c <= '9'))
            return number(r);
        return identifier_part((unsigned char)c) ? no_word(r) : FAIL(r, r->at, "no value");
    }
}

/* The value becomes the token at hand; what nests is entered. */
static sqi_json_token enter(sqi_json_reader *r)
{
    sqi_json_token t = r->pending;
    r->pending = SQI_JSON_DONE;
    if (t == SQI_JSON_OBJECT || t == SQI_JSON_ARRAY) {
        if (r->depth < SQI_JSON_LEVELS)
            r->level[++r->depth] = (sqi_json_level){{NULL, 0}, t == SQI_JSON_OBJECT, false};
        else
            r->at = r->end; /* whoever sends such a thing gets no further */
        if (r->depth > SQI_JSON_DEPTH) {
            FAIL(r, r->at, "more than 1000 objects and arrays inside each other");
            return SQI_JSON_BAD;
        }
    }
    return r->token = t;
}

static sqi_json_token leave(sqi_json_reader *r, int c)
{
    if (!r->depth || r->level[r->depth].object != (c == '}')) {
        FAIL(r, r->at, "a closing bracket that does not belong there");
        return SQI_JSON_BAD;
    }
    --r->depth;
    r->from = r->at - 1;
    return r->token = c == '}' ? SQI_JSON_OBJECT_END : SQI_JSON_ARRAY_END;
}

static bool bare_name_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 128 || (c && strchr("_$@#*-+", c));
}

static bool name(sqi_json_reader *r, int c, sqi_span *out)
{
    if (c == '"' || (c == '\'' && (r->allow & SQI_JSON_ALLOW_APOSTROPHES)))
        return sqi_json_text_read(r, (char)c, true, out);
    if (!(r->allow & SQI_JSON_ALLOW_BARE_NAMES) || !bare_name_byte((unsigned char)c))
        return FAIL(r, r->at, "no name of a field in quotes");
    const char *from = r->at - 1;
    while (r->at < r->end && bare_name_byte((unsigned char)*r->at))
        ++r->at;
    *out = (sqi_span){from, (size_t)(r->at - from)};
    return true;
}

static sqi_json_token field(sqi_json_reader *r, int c)
{
    sqi_span text;
    if (!name(r, c, &text))
        return SQI_JSON_BAD;
    if (text.len > SQI_JSON_NAME_MOST) {
        FAIL(r, r->at, "a name of more than 50000 bytes");
        return SQI_JSON_BAD;
    }
    r->level[r->depth].name = text;
    r->token = SQI_JSON_NAME;
    r->pending = SQI_JSON_DONE;
    c = inside(r);
    if (c == ERROR)
        return SQI_JSON_BAD;
    if (c != ':') {
        FAIL(r, r->at, "no ':' behind the name of a field");
        return SQI_JSON_BAD;
    }
    c = inside(r);
    return c != ERROR && value(r, c) ? SQI_JSON_NAME : SQI_JSON_BAD;
}

sqi_json_token sqi_json_read_next(sqi_json_reader *r)
{
    if (r->token == SQI_JSON_NAME)
        return enter(r);
    if (r->incomplete) {
        r->incomplete = false;
        if (!sqi_json_text_skip(r, '"'))
            return SQI_JSON_BAD;
    }
    int c = significant(r);
    if (c == ERROR)
        return SQI_JSON_BAD;
    sqi_json_level *l = &r->level[r->depth];
    if (c == END) {
        if (!r->depth)
            return r->token = SQI_JSON_DONE;
        FAIL(r, r->end, "the text ends too early");
        return SQI_JSON_BAD;
    }
    if (c == ']' || c == '}')
        return leave(r, c);
    if (r->depth && l->begun) {
        if (c != ',') {
            FAIL(r, r->at, l->object ? "no ',' or '}' behind a field" : "no ',' or ']' behind a value");
            return SQI_JSON_BAD;
        }
        c = inside(r);
        if (c == ERROR)
            return SQI_JSON_BAD;
    }
    l->begun = true;
    if (l->object)
        return field(r, c);
    return value(r, c) ? enter(r) : SQI_JSON_BAD;
}

bool sqi_json_read_skip(sqi_json_reader *r)
{
    size_t open = 1;
    if (r->token != SQI_JSON_OBJECT && r->token != SQI_JSON_ARRAY)
        return true;
    while (open)
        switch (sqi_json_read_next(r)) {
        case SQI_JSON_OBJECT:
        case SQI_JSON_ARRAY:
            ++open;
            break;
        case SQI_JSON_OBJECT_END:
        case SQI_JSON_ARRAY_END:
            --open;
            break;
        case SQI_JSON_BAD:
            return false;
        case SQI_JSON_DONE:
            return FAIL(r, r->at, "the text ends too early");
        default:
            break;
        }
    return true;
}

sqi_span sqi_json_read_name(const sqi_json_reader *r)
{
    uint32_t at = r->depth;
    if (at && (r->token == SQI_JSON_OBJECT || r->token == SQI_JSON_ARRAY))
        --at;
    return r->level[at].name;
}

bool sqi_json_read_text(sqi_json_reader *r, sqi_span *out)
{
    if (r->incomplete) {
        r->incomplete = false;
        if (!sqi_json_text_read(r, '"', false, &r->text))
            return false;
    }
    *out = r->text;
    return true;
}

bool sqi_json_read_raw(sqi_json_reader *r, sqi_span *out)
{
    const char *from = r->from;
    if (!sqi_json_read_skip(r))
        return false;
    *out = (sqi_span){from, (size_t)(r->at - from)};
    return true;
}
