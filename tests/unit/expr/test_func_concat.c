/* The loops over many short texts (concat, lower, trim, LIKE, casts to integers) against slower ways to say the same. */
#include "text_check.h"

static const char *const plain[] = {"a", "Z", "bC", " ", " ", "  ", "7", "word", "#", "%", "-", "[", "@", "`", "{"};
static const char *const foreign[] = {"a",    "Q",    " ", "\xc3\x89", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                      "\x80", "\xc3", "7"};
static const char *const digits[] = {"0",        "1",  "7", "9", "42", "-", "+",   " ",
                                     "12345678", "\t", ".", "x", "/",  ":", "\xb0"};

START_TEST(texts_are_joined_as_with_an_empty_separator)
{
    static const char *const same[] = {
        "(t || u) = concat_ws('', t, u)",
        "(t || ':' || u) = concat_ws('', t, ':', u)",
        "('<' || t) = concat_ws('', '<', t)",
        "(t || '>') = concat_ws('', t, '>')",
        "('<' || t || '>') = concat_ws('', '<', t, '>')",
        "concat(t, u, t) = concat_ws('', t, u, t)",
        "(t || ' a constant that is long ' || u) = concat_ws('', t, ' a constant that is long ', u)",
        "(t || 'a constant that is long') = concat_ws('', t, 'a constant that is long')",
        "(t || ':' || u || ':' || t) = concat_ws('', t, ':', u, ':', t)",
        "concat(t) = t",
        "(t || repeat(u, 40) || t) = concat_ws('', t, repeat(u, 40), t)",
        "(t || NULL) IS NULL",
    };
    TEXT_CHECK_ALL(plain, same);
    TEXT_CHECK_ALL(foreign, same);
}
END_TEST

START_TEST(case_is_mapped_as_beside_a_letter_that_is_not_ascii)
{
    static const char *const same[] = {
        "lower(t) = substring(lower('§ ' || t), 3)",
        "upper(t) = substring(upper('§ ' || t), 3)",
        "lower(lower(t) || upper(u)) = lower(lower(t) || u)",
    };
    TEXT_CHECK_ALL(plain, same);
    TEXT_CHECK_ALL(foreign, same);
}
END_TEST

START_TEST(spaces_are_trimmed_as_any_set_is)
{
    static const char *const same[] = {
        "trim(t) = btrim(t, ' ')",
        "ltrim(t) = ltrim(' ', t)",
        "rtrim(t) = rtrim(' ', t)",
        "trim(repeat(' ', length(u)) || t) = btrim(t, ' ')",
        "trim(t || repeat(' ', length(u))) = btrim(t, ' ')",
    };
    TEXT_CHECK_ALL(plain, same);
    TEXT_CHECK_ALL(foreign, same);
}
END_TEST

START_TEST(simple_patterns_are_prefixes_suffixes_and_parts)
{
    static const char *const same[] = {
        "(t LIKE '#%') = startswith(t, '#')",
        "(t LIKE 'wo%') = startswith(t, 'wo')",
        "(t LIKE 'word%') = startswith(t, 'word')",
        "(t LIKE 'wordword%') = startswith(t, 'wordword')",
        "(t LIKE '%') = true",
        "(t LIKE '%word') = endswith(t, 'word')",
        "(t LIKE '%a') = endswith(t, 'a')",
        "(t LIKE '%word%') = contains(t, 'word')",
        "(t LIKE '%%a%') = contains(t, 'a')",
        "(t LIKE 'word') = (t = 'word')",
        "(t LIKE '') = (t = '')",
        "(t LIKE r'\\%%') = startswith(t, '%')",
        "(t LIKE u) = (t LIKE u || '')",
        "('word' LIKE '#%') = false",
        "('#word' LIKE '#%') = true",
    };
    TEXT_CHECK_ALL(plain, same);
}
END_TEST

/* Spaces behind a number change nothing, but make the text longer than the fast reader takes. */
START_TEST(integers_are_read_as_with_spaces_behind_them)
{
    static const char *const same[] = {
        "try_cast(t AS INT) <=> try_cast(t || '             ' AS INT)",
        "try_cast(t AS BIGINT) <=> try_cast(t || '             ' AS BIGINT)",
        "try_cast(t AS SMALLINT) <=> try_cast(t || '             ' AS SMALLINT)",
        "try_cast(t AS TINYINT) <=> try_cast(t || '             ' AS TINYINT)",
        "try_cast(left(t, 4) AS INT) <=> try_cast(left(t, 4) || '             ' AS INT)",
        "try_cast(left(t, 11) AS INT) <=> try_cast(left(t, 11) || '             ' AS INT)",
    };
    TEXT_CHECK_ALL(digits, same);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_joined_as_with_an_empty_separator,
                                  case_is_mapped_as_beside_a_letter_that_is_not_ascii, spaces_are_trimmed_as_any_set_is,
                                  simple_patterns_are_prefixes_suffixes_and_parts,
                                  integers_are_read_as_with_spaces_behind_them};
    return sqi_test_main("func_concat", tests, sizeof tests / sizeof *tests);
}
