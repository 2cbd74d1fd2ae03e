/*
 * func_url: url_encode, url_decode, parse_url. A URL is taken apart as java.net.URI does it: by RFC 2396, with other
 * characters than ASCII allowed; a host that is no host name leaves the authority without one.
 */
#include "base_hex.h"
#include "expr_regex.h"
#include "func_str.h"
#include "func_utf8.h"

#define KERNEL_ARGS sqi_call *call, const sqi_vec *arg, sqi_rows rows, sqi_vec *out, streamq_error **err

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

/* ---- encode and decode ---------------------------------------------------------------------------------------- */

static streamq_status encode(KERNEL_ARGS)
{
    static const char hex[] = "0123456789ABCDEF";
    sqi_heap heap;
    sqi_heap_init(&heap, call->eval->arena);
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        char *to = sqi_heap_reserve(&heap, s.len * 3);
        size_t n = 0;
        if (!to)
            return sqi_error_nomem(err);
        for (size_t at = 0; at < s.len; at++) {
            char c = s.ptr[at];
            if (c == ' ') {
                to[n++] = '+';
            } else if (is_alnum(c) || (c && strchr(".-*_", c))) {
                to[n++] = c;
            } else {
                to[n++] = '%';
                to[n++] = hex[(unsigned char)c >> 4];
                to[n++] = hex[(unsigned char)c & 15];
            }
        }
        if (n > SQI_STR_MAX)
            return sqi_str_too_long(err);
        SQI_OUT(out, sqi_str)[i] = sqi_heap_commit(&heap, to, n);
    }
    return STREAMQ_OK;
}

/* False: a percent sign without two digits. */
static bool decode_row(sqi_span s, char *to, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%') {
            int high = i + 2 < s.len ? sqi_hex_digit(s.ptr[i + 1]) : -1,
                low = i + 2 < s.len ? sqi_hex_digit(s.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        to[(*n)++] = c;
    }
    return true;
}

/* What is no UTF-8 becomes U+FFFD. */
static sqi_span repaired(sqi_arena *arena, sqi_span s)
{
    if (sqi_utf8_valid(s))
        return s;
    char *to = sqi_arena_get(arena, s.len * 3);
    return (sqi_span){to, to ? sqi_utf8_repair(s, to) : 0};
}

static streamq_status decode(KERNEL_ARGS)
{
    sqi_heap heap;
    bool strict = call->node->func->name[0] == 'u';
    sqi_heap_init(&heap, call->eval->arena);
    if (!strict)
        SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(arg, i);
        size_t n;
        char *to = sqi_arena_get(call->eval->arena, s.len + 1);
        if (!to)
            return sqi_error_nomem(err);
        if (!decode_row(s, to, &n)) {
            if (strict)
                return sqi_error_set(err, SQI_COND_CANNOT_DECODE_URL,
                                     "'%.*s' has a percent sign without two hex digits; use try_url_decode to get NULL "
                                     "instead",
                                     s.len > 100 ? 100 : (int)s.len, s.ptr);
            sqi_vec_set_null(out, i);
            continue;
        }
        sqi_span text = repaired(call->eval->arena, (sqi_span){to, n});
        if (!text.ptr)
            return sqi_error_nomem(err);
        SQI_OUT(out, sqi_str)[i] = sqi_str_view(text.ptr, (uint32_t)text.len);
    }
    return STREAMQ_OK;
}

/* ---- parse_url ------------------------------------------------------------------------------------------------ */

/* ptr NULL: the URL has no such part. */
typedef struct url {
    sqi_span scheme, authority, user, host, path, query, fragment;
} url;

static bool has(sqi_span s)
{
    return s.ptr != NULL;
}

/* Letters, digits, escapes, what stands in `more`, and all beyond ASCII but spaces and control characters. */
static bool allowed(sqi_span s, const char *more)
{
    const char *p = s.ptr, *end = s.ptr + s.len;
    while (p < end) {
        char c = *p;
        if ((unsigned char)c >= 0x80) {
            uint32_t code = sqi_utf8_next(&p, end);
            bool blank = code <= 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
                         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
            if (blank)
                return false;
            continue;
        }
        if (c == '%') {
            if (end - p < 3 || sqi_hex_digit(p[1]) < 0 || sqi_hex_digit(p[2]) < 0)
                return false;
            p += 3;
            continue;
        }
        if (!is_alnum(c) && (!c || !strchr(more, c)))
            return false;
        p++;
    }
    return true;
}

#define MARKS "_-!.~'()*"
#define PATH_CHARS MARKS ":@&=+$,/;"
#define ANY_CHARS MARKS ";/?:@&=+$,[]"

/* Labels of letters, digits and inner hyphens, the last one beginning with a letter, or four numbers. */
static bool is_host(sqi_span s)
{
    size_t from = 0, numbers = 0, labels = 0;
    bool last_alpha = false;
    if (s.len && s.ptr[s.len - 1] == '.')
        s.len--;
    while (from < s.len) {
        size_t end = from;
        uint32_t value = 0;
        while (end < s.len && s.ptr[end] != '.') {
            char c = s.ptr[end++];
            if (!is_alnum(c) && c != '-')
                return false;
            value = is_digit(c) && value < 1000 ? value * 10 + (uint32_t)(c - '0') : 1000;
        }
        if (end == from || s.ptr[from] == '-' || s.ptr[end - 1] == '-')
            return false;
        labels++;
        numbers += value <= 255;
        last_alpha = is_alpha(s.ptr[from]);
        from = end + 1;
    }
    return labels > 0 && from > s.len && (last_alpha || (labels == 4 && numbers == 4));
}

/* Groups of hex digits between colons, "::" once for groups left out, perhaps four numbers and a %scope at the end. */
static bool is_ip6(sqi_span s)
{
    const char *scope = s.len ? memchr(s.ptr, '%', s.len) : NULL;
    if (scope) {
        if (scope + 1 == s.ptr + s.len)
            return false;
        s.len = (size_t)(scope - s.ptr);
    }
    uint32_t groups = 0;
    bool gap = false;
    size_t i = 0;
    while (i < s.len) {
        size_t end = i;
        while (end < s.len && sqi_hex_digit(s.ptr[end]) >= 0)
            end++;
        if (end < s.len && s.ptr[end] == '.') {
            groups += 2;
            return groups + gap <= 8 && (gap || groups == 8) && is_host((sqi_span){s.ptr + i, s.len - i});
        }
        if (end - i > 4)
            return false;
        groups += end > i;
        if (end == s.len)
            break;
        if (s.ptr[end] != ':')
            return false;
        if (end + 1 < s.len && s.ptr[end + 1] == ':') {
            if (gap)
                return false;
            gap = true;
            i = end + 2;
        } else {
            if (end == i || end + 1 == s.len)
                return false;
            i = end + 1;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* user@host:port; false: it is not of that form. */
static bool read_server(sqi_span s, url *u)
{
    const char *at = s.len ? memchr(s.ptr, '@', s.len) : NULL;
    url found = *u;
    if (at) {
        found.user = (sqi_span){s.ptr, (size_t)(at - s.ptr)};
        s = (sqi_span){at + 1, s.len - found.user.len - 1};
        if (!allowed(found.user, MARKS ";:&=+$,"))
            return false;
    }
    size_t end = 0;
    if (s.len && s.ptr[0] == '[') {
        const char *close = memchr(s.ptr, ']', s.len);
        if (!close)
            return false;
        end = (size_t)(close - s.ptr) + 1;
        if (!is_ip6((sqi_span){s.ptr + 1, end - 2}))
            return false;
    } else {
        while (end < s.len && s.ptr[end] != ':')
            end++;
        if (!is_host((sqi_span){s.ptr, end}))
            return false;
    }
    found.host = (sqi_span){s.ptr, end};
    for (size_t i = end + 1; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    if (end < s.len && s.ptr[end] != ':')
        return false;
    *u = found;
    return true;
}

static bool read_authority(sqi_span s, url *u)
{
    u->authority = s;
    if (read_server(s, u))
        return true;
    return allowed(s, MARKS "$,;:@&=+");
}

/* Up to the first of `stops`, which stays. */
static sqi_span until(sqi_span *rest, const char *stops)
{
    size_t n = 0;
    while (n < rest->len && (!rest->ptr[n] || !strchr(stops, rest->ptr[n])))
        n++;
    sqi_span part = {rest->ptr, n};
    *rest = (sqi_span){rest->ptr + n, rest->len - n};
    return part;
}

/* The scheme if the URL begins with one; false: a colon without. */
static bool read_scheme(sqi_span *rest, url *u)
{
    sqi_span look = *rest, name = until(&look, ":/?#");
    if (!look.len || look.ptr[0] != ':')
        return true;
    if (name.len == 0 || !is_alpha(name.ptr[0]))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_alnum(name.ptr[i]) && !strchr("+-.", name.ptr[i]))
            return false;
    u->scheme = name;
    *rest = (sqi_span){look.ptr + 1, look.len - 1};
    return true;
}

static bool read_url(sqi_span s, url *u)
{
    memset(u, 0, sizeof *u);
    sqi_span rest = {s.ptr ? s.ptr : "", s.len};
    if (!read_scheme(&rest, u))
        return false;
    bool opaque = has(u->scheme) && !(rest.len && rest.ptr[0] == '/');
    if (opaque) {
        sqi_span body = until(&rest, "#");
        if (body.len == 0 || !allowed(body, ANY_CHARS))
            return false;
    } else {
        if (rest.len >= 2 && rest.ptr[0] == '/' && rest.ptr[1] == '/') {
            rest = (sqi_span){rest.ptr + 2, rest.len - 2};
            sqi_span authority = until(&rest, "/?#");
            if (authority.len ? !read_authority(authority, u) : rest.len == 0)
                return false;
        }
        u->path = until(&rest, "?#");
        if (!allowed(u->path, PATH_CHARS))
            return false;
        if (rest.len && rest.ptr[0] == '?') {
            rest = (sqi_span){rest.ptr + 1, rest.len - 1};
            u->query = until(&rest, "#");
            if (!allowed(u->query, ANY_CHARS))
                return false;
        }
    }
    if (rest.len) {
        u->fragment = (sqi_span){rest.ptr + 1, rest.len - 1};
        if (!allowed(u->fragment, ANY_CHARS))
            return false;
    }
    return true;
}

static sqi_span part_of(const url *u, sqi_span name)
{
    if (sqi_span_equal(name, SQI_SPAN("HOST")))
        return u->host;
    if (sqi_span_equal(name, SQI_SPAN("PATH")))
        return u->path;
    if (sqi_span_equal(name, SQI_SPAN("QUERY")))
        return u->query;
    if (sqi_span_equal(name, SQI_SPAN("REF")))
        return u->fragment;
    if (sqi_span_equal(name, SQI_SPAN("PROTOCOL")))
        return u->scheme;
    if (sqi_span_equal(name, SQI_SPAN("AUTHORITY")))
        return u->authority;
    if (sqi_span_equal(name, SQI_SPAN("USERINFO")))
        return u->user;
    if (sqi_span_equal(name, SQI_SPAN("FILE")) && has(u->path))
        return (sqi_span){u->path.ptr, u->path.len + (has(u->query) ? u->query.len + 1 : 0)};
    return (sqi_span){NULL, 0};
}

/* The value of the first key=value of a query. The key is a pattern, as Spark takes it; a plain one needs no search. */
static streamq_status value_of(sqi_call *call, sqi_span query, sqi_span key, sqi_span *value, streamq_error **err)
{
    char plain[64];
    size_t len;
    *value = (sqi_span){NULL, 0};
    if (!has(query))
        return STREAMQ_OK;
    if (key.len <= sizeof plain && sqi_regex_plain(key, plain, &len)) {
        for (sqi_span rest = query; rest.ptr && !has(*value);) {
            sqi_span pair = until(&rest, "&");
            if (pair.len > len && pair.ptr[len] == '=' && memcmp(pair.ptr, plain, len) == 0)
                *value = (sqi_span){pair.ptr + len + 1, pair.len - len - 1};
            rest = rest.len ? (sqi_span){rest.ptr + 1, rest.len - 1} : (sqi_span){NULL, 0};
        }
        return STREAMQ_OK;
    }
    char *pattern = sqi_arena_printf(call->eval->arena, "(&|^)%.*s=([^&]*)", (int)key.len, key.ptr);
    sqi_regex *re = call->state;
    sqi_span text;
    bool found;
    if (!pattern)
        return sqi_error_nomem(err);
    SQI_TRY(sqi_regex_use(re, call->eval, sqi_span_of(pattern), "parse_url", err));
    SQI_TRY(sqi_regex_subject(call->eval, query, &text, err));
    SQI_TRY(sqi_regex_find(re, text, 0, &found, err));
    if (found && re->at[4] != SQI_REGEX_NONE)
        *value = (sqi_span){text.ptr + re->at[4], re->at[5] - re->at[4]};
    return STREAMQ_OK;
}

static streamq_status parse(KERNEL_ARGS)
{
    bool strict = call->node->func->name[0] == 'p' && call->eval->ansi, keyed = call->node->narg == 3;
    SQI_TRY(sqi_vec_bitmap(out, call->n, true, call->eval->arena, err));
    for (SQI_EACH(rows, k, i)) {
        sqi_span s = SQI_SPAN_AT(&arg[0], i), name = SQI_SPAN_AT(&arg[1], i), part = {NULL, 0};
        url u;
        if (read_url(s, &u)) {
            part = part_of(&u, name);
            if (keyed && !sqi_span_equal(name, SQI_SPAN("QUERY")))
                part = (sqi_span){NULL, 0};
            if (keyed)
                SQI_TRY(value_of(call, part, SQI_SPAN_AT(&arg[2], i), &part, err));
        } else if (strict) {
            return sqi_error_set(err, SQI_COND_INVALID_URL, "'%.*s' is no URL; use try_parse_url to get NULL instead",
                                 s.len > 100 ? 100 : (int)s.len, s.ptr);
        }
        if (has(part))
            SQI_OUT(out, sqi_str)[i] = sqi_str_view(part.ptr, (uint32_t)part.len);
        else
            sqi_vec_set_null(out, i);
    }
    return STREAMQ_OK;
}

static void state_fini(void *state)
{
    sqi_regex_fini(state);
}

const sqi_func sqi_func_url[] = {
    {.name = "url_encode",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "s>s",
     .kernel = encode,
     .text = "url_encode(str): str as it stands in a form's URL"},
    {.name = "url_decode",
     .min_args = 1,
     .max_args = 1,
     .flags = SQI_FUNC_NEVER_NULL,
     .types = "s>s",
     .kernel = decode,
     .text = "url_decode(str): the text that url_encode came from"},
    {.name = "try_url_decode",
     .min_args = 1,
     .max_args = 1,
     .types = "s>s",
     .kernel = decode,
     .text = "try_url_decode(str): like url_decode, but null for what is malformed"},
    {.name = "parse_url",
     .min_args = 2,
     .max_args = 3,
     .types = "SSS>s",
     .kernel = parse,
     .state_size = sizeof(sqi_regex),
     .state_fini = state_fini,
     .text =
         "parse_url(url, part[, key]): a part of a URL (HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO)"},
    {.name = "try_parse_url",
     .min_args = 2,
     .max_args = 3,
     .types = "SSS>s",
     .kernel = parse,
     .state_size = sizeof(sqi_regex),
     .state_fini = state_fini,
     .text = "try_parse_url(url, part[, key]): like parse_url, but null for what is no URL"},
    {0},
};
