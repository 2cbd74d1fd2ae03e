/*
 * expr_regex_property: names of character properties, Java's to PCRE2's. What comes out stands between brackets.
 *
 * Java has POSIX names (ASCII, or Unicode under (?U)), general categories, "Is" with a category, a script or a binary
 * property, "In" with a block, "java" with a method of Character, and the name=value forms of these.
 */
#include "expr_regex_tree.h"

typedef struct row {
    const char *name, *text, *unicode; /* unicode: under (?U); NULL: the same */
} row;

static const row posix[] = {
    {"Lower", "a-z", "\\p{Lowercase}"},
    {"Upper", "A-Z", "\\p{Uppercase}"},
    {"ASCII", "\\x{0}-\\x{7f}", NULL},
    {"Alpha", "a-zA-Z", "\\p{Alphabetic}"},
    {"Digit", "0-9", "\\p{Nd}"},
    {"Alnum", "a-zA-Z0-9", "\\p{Alphabetic}\\p{Nd}"},
    {"Punct", "!-\\/:-@\\[-`{-~", "\\p{P}"},
    {"Graph", "!-~", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}"},
    {"Print", "\\x20-~", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"},
    {"Blank", "\\t\\x20", "\\t\\p{Zs}"},
    {"Cntrl", "\\x{0}-\\x{1f}\\x{7f}", "\\p{Cc}"},
    {"XDigit", "0-9a-fA-F", "\\p{Nd}\\p{Hex_Digit}"},
    {"Space", "\\t-\\r\\x20", "\\p{White_Space}"},
    {"all", "\\x{0}-\\x{10ffff}", NULL},
    {"L1", "\\x{0}-\\x{ff}", NULL},
    {"LC", "\\p{Lu}\\p{Ll}\\p{Lt}", NULL},
    {"LD", "\\p{L}\\p{Nd}", NULL},
    {"javaLowerCase", "\\p{Lowercase}", NULL},
    {"javaUpperCase", "\\p{Uppercase}", NULL},
    {"javaAlphabetic", "\\p{Alphabetic}", NULL},
    {"javaIdeographic", "\\p{Ideographic}", NULL},
    {"javaTitleCase", "\\p{Lt}", NULL},
    {"javaDigit", "\\p{Nd}", NULL},
    {"javaDefined", "\\P{Cn}", NULL},
    {"javaLetter", "\\p{L}", NULL},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}", NULL},
    {"javaSpaceChar", "\\p{Z}", NULL},
    {"javaWhitespace",
     "\\t-\\r\\x{1c}-\\x{20}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}", NULL},
    {"javaISOControl", "\\x{0}-\\x{1f}\\x{7f}-\\x{9f}", NULL},
    {NULL, NULL, NULL},
};

/* Behind "Is": any case, with or without underscores. */
static const row binary[] = {
    {"ALPHABETIC", "\\p{Alphabetic}", NULL},
    {"LETTER", "\\p{L}", NULL},
    {"IDEOGRAPHIC", "\\p{Ideographic}", NULL},
    {"LOWERCASE", "\\p{Lowercase}", NULL},
    {"UPPERCASE", "\\p{Uppercase}", NULL},
    {"TITLECASE", "\\p{Lt}", NULL},
    {"WHITESPACE", "\\p{White_Space}", NULL},
    {"CONTROL", "\\p{Cc}", NULL},
    {"PUNCTUATION", "\\p{P}", NULL},
    {"HEXDIGIT", "\\p{Nd}\\p{Hex_Digit}", NULL},
    {"ASSIGNED", "\\P{Cn}", NULL},
    {"NONCHARACTERCODEPOINT", "\\p{Noncharacter_Code_Point}", NULL},
    {"DIGIT", "\\p{Nd}", NULL},
    {"ALNUM", "\\p{Alphabetic}\\p{Nd}", NULL},
    {"BLANK", "\\t\\p{Zs}", NULL},
    {"GRAPH", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}", NULL},
    {"PRINT", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}", NULL},
    {"WORD", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}", NULL},
    {"JOINCONTROL", "\\p{Join_Control}", NULL},
    {NULL, NULL, NULL},
};

/* Blocks, names without blanks, underscores and hyphens, in upper case. */
static const row blocks[] = {
    {"BASICLATIN", "\\x{0}-\\x{7f}", NULL},
    {"LATIN1SUPPLEMENT", "\\x{80}-\\x{ff}", NULL},
    {"LATINEXTENDEDA", "\\x{100}-\\x{17f}", NULL},
    {"LATINEXTENDEDB", "\\x{180}-\\x{24f}", NULL},
    {"IPAEXTENSIONS", "\\x{250}-\\x{2af}", NULL},
    {"COMBININGDIACRITICALMARKS", "\\x{300}-\\x{36f}", NULL},
    {"GREEK", "\\x{370}-\\x{3ff}", NULL},
    {"GREEKANDCOPTIC", "\\x{370}-\\x{3ff}", NULL},
    {"CYRILLIC", "\\x{400}-\\x{4ff}", NULL},
    {"ARMENIAN", "\\x{530}-\\x{58f}", NULL},
    {"HEBREW", "\\x{590}-\\x{5ff}", NULL},
    {"ARABIC", "\\x{600}-\\x{6ff}", NULL},
    {"DEVANAGARI", "\\x{900}-\\x{97f}", NULL},
    {"BENGALI", "\\x{980}-\\x{9ff}", NULL},
    {"TAMIL", "\\x{b80}-\\x{bff}", NULL},
    {"THAI", "\\x{e00}-\\x{e7f}", NULL},
    {"GEORGIAN", "\\x{10a0}-\\x{10ff}", NULL},
    {"HANGULJAMO", "\\x{1100}-\\x{11ff}", NULL},
    {"GREEKEXTENDED", "\\x{1f00}-\\x{1fff}", NULL},
    {"GENERALPUNCTUATION", "\\x{2000}-\\x{206f}", NULL},
    {"CURRENCYSYMBOLS", "\\x{20a0}-\\x{20cf}", NULL},
    {"LETTERLIKESYMBOLS", "\\x{2100}-\\x{214f}", NULL},
    {"NUMBERFORMS", "\\x{2150}-\\x{218f}", NULL},
    {"ARROWS", "\\x{2190}-\\x{21ff}", NULL},
    {"MATHEMATICALOPERATORS", "\\x{2200}-\\x{22ff}", NULL},
    {"BOXDRAWING", "\\x{2500}-\\x{257f}", NULL},
    {"CJKSYMBOLSANDPUNCTUATION", "\\x{3000}-\\x{303f}", NULL},
    {"HIRAGANA", "\\x{3040}-\\x{309f}", NULL},
    {"KATAKANA", "\\x{30a0}-\\x{30ff}", NULL},
    {"CJKUNIFIEDIDEOGRAPHS", "\\x{4e00}-\\x{9fff}", NULL},
    {"HANGULSYLLABLES", "\\x{ac00}-\\x{d7af}", NULL},
    {"HALFWIDTHANDFULLWIDTHFORMS", "\\x{ff00}-\\x{ffef}", NULL},
    {"EMOTICONS", "\\x{1f600}-\\x{1f64f}", NULL},
    {NULL, NULL, NULL},
};

static const char *find(const row *rows, sqi_span name, uint32_t flags)
{
    for (; rows->name; rows++)
        if (sqi_span_equal(sqi_span_of(rows->name), name))
            return (flags & SQI_RE_UNICODE) && rows->unicode ? rows->unicode : rows->text;
    return NULL;
}

/* The name in upper case without what Java ignores in it. */
static sqi_span squeeze(sqi_span name, char to[64])
{
    size_t n = 0;
    for (size_t i = 0; i < name.len && n < 64; i++) {
        char c = name.ptr[i];
        if (c != '_' && c != ' ' && c != '-')
            to[n++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return (sqi_span){to, n};
}

static bool is_category(sqi_span name)
{
    static const char all[] =
        "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf ";
    if (name.len == 1)
        return strchr("LMNZCPS", name.ptr[0]) != NULL && name.ptr[0];
    for (const char *p = all; name.len == 2 && *p; p += 3)
        if (memcmp(p, name.ptr, 2) == 0)
            return true;
    return false;
}

static const char *category(sqi_span name, uint32_t flags, sqi_arena *arena, bool *nomem)
{
    if (!is_category(name))
        return NULL;
    bool cased = name.len == 2 && name.ptr[0] == 'L' && strchr("ult", name.ptr[1]);
    if (cased && (flags & SQI_RE_CASE))
        return "\\p{Lu}\\p{Ll}\\p{Lt}";
    const char *text = sqi_arena_printf(arena, "\\p{%.*s}", (int)name.len, name.ptr);
    *nomem = !text;
    return text;
}

static const char *script(sqi_span name, sqi_arena *arena, bool *nomem)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'))
            return NULL;
    }
    if (!name.len || name.len > 40)
        return NULL;
    const char *text = sqi_arena_printf(arena, "\\p{sc:%.*s}", (int)name.len, name.ptr);
    *nomem = !text;
    return text;
}

static const char *by_value(sqi_span key, sqi_span value, uint32_t flags, sqi_arena *arena, bool *nomem)
{
    char room[64], other[64];
    sqi_span what = squeeze(key, room);
    if (sqi_span_equal(what, SQI_SPAN("SC")) || sqi_span_equal(what, SQI_SPAN("SCRIPT")))
        return script(value, arena, nomem);
    if (sqi_span_equal(what, SQI_SPAN("BLK")) || sqi_span_equal(what, SQI_SPAN("BLOCK")))
        return find(blocks, squeeze(value, other), 0);
    if (sqi_span_equal(what, SQI_SPAN("GC")) || sqi_span_equal(what, SQI_SPAN("GENERALCATEGORY")))
        return category(value, flags, arena, nomem);
    return NULL;
}

const char *sqi_re_property(sqi_span name, uint32_t flags, sqi_arena *arena, bool *nomem)
{
    char room[64];
    const char *equals = name.len ? memchr(name.ptr, '=', name.len) : NULL;
    if (equals) {
        size_t n = (size_t)(equals - name.ptr);
        return by_value((sqi_span){name.ptr, n}, (sqi_span){equals + 1, name.len - n - 1}, flags, arena, nomem);
    }
    if (sqi_span_starts(name, SQI_SPAN("In")))
        return find(blocks, squeeze((sqi_span){name.ptr + 2, name.len - 2}, room), 0);
    if (sqi_span_starts(name, SQI_SPAN("Is"))) {
        sqi_span rest = {name.ptr + 2, name.len - 2};
        const char *text = find(binary, squeeze(rest, room), 0);
        if (!text && !*nomem)
            text = category(rest, flags, arena, nomem);
        return text || *nomem ? text : script(rest, arena, nomem);
    }
    bool both =
        (flags & SQI_RE_CASE) && (sqi_span_equal(name, SQI_SPAN("Lower")) || sqi_span_equal(name, SQI_SPAN("Upper")));
    if (both)
        return (flags & SQI_RE_UNICODE) ? "\\p{Lowercase}\\p{Uppercase}\\p{Lt}" : "a-zA-Z";
    const char *text = find(posix, name, flags);
    return text ? text : category(name, flags, arena, nomem);
}
