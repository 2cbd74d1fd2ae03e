/*
 * test_base_json: what is JSON is read token by token, what is not is refused with its place, and no byte past the end is
 * looked at.
 */
#include "base_json.h"
#include "test_main.h"

#include <stdlib.h>

static sqi_buf buf;

/* Every test is a process of its own. */
static void begin(void)
{
    static sqi_alloc alloc;
    sqi_alloc_init(&alloc);
    sqi_buf_init(&buf, &alloc, 0);
}

/* The tokens of a text that ends where its memory ends. */
static const char *tokens(const char *text, size_t len)
{
    static const char *const letter = "!.{}[]:snTF0";
    char *copy = malloc(len + !len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, len);
    sqi_json j;
    sqi_json_open(&j, (sqi_span){copy, len});
    sqi_buf_clear(&buf);
    do {
        sqi_json_next(&j);
        ck_assert(sqi_buf_byte(&buf, letter[j.token]));
        if (j.token == SQI_JSON_NAME || j.token == SQI_JSON_STRING || j.token == SQI_JSON_NUMBER)
            ck_assert(sqi_buf_span(&buf, j.text));
    } while (j.token != SQI_JSON_DONE && j.token != SQI_JSON_BAD);
    if (j.token == SQI_JSON_BAD)
        ck_assert(sqi_buf_printf(&buf, "%zu", sqi_json_where(&j)) && j.why);
    ck_assert_int_eq(sqi_json_next(&j), j.token);
    free(copy);
    ck_assert(sqi_buf_byte(&buf, '\0'));
    return buf.ptr;
}

static void reads(const char *text, const char *want)
{
    ck_assert_str_eq(tokens(text, strlen(text)), want);
}

START_TEST(values_are_read_token_by_token)
{
    begin();
    reads("{}", "{}.");
    reads(" [ ] ", "[].");
    reads("{\"a\":1,\"b\":[true,false,null,\"x\\n\"],\"c\":{\"d\":-1.5e+3}}", "{:an1:b[TF0sx\\n]:c{:dn-1.5e+3}}.");
    reads("\"\"", "s.");
    reads("0", "n0.");
    reads("\t\r\n -0.0 ", "n-0.0.");
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(what_is_not_json_is_refused_with_its_place)
{
    begin();
    reads("", "!0");
    reads("{", "{!1");
    reads("[1,]", "[n1!3");
    reads("[1 2]", "[n1!3");
    reads("{\"a\" 1}", "{!5");
    reads("{\"a\":1,}", "{:an1!7");
    reads("{a:1}", "{!1");
    reads("[1}", "[n1!2");
    reads("{}x", "{}!2");
    reads("01", "!0");
    reads("1.", "!0");
    reads("-", "!0");
    reads("1e", "!0");
    reads("+1", "!0");
    reads("tru", "!0");
    reads("'a'", "!0");
    reads("\"a", "!0");
    reads("\"\\x\"", "!1");
    reads("\"\\u12g4\"", "!1");
    reads("\"\x01\"", "!1");
    reads("\"\xff\"", "!0");
    reads("]", "!0");
    reads(",", "!0");
    ck_assert_str_eq(tokens("1\0", 2), "n1!1");
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(a_text_cut_anywhere_is_refused)
{
    begin();
    static const char text[] = "{\"a\\u00e4\":[1.5e3,true,{\"b\":null}],\"\xc3\xa4\":\"\\\"\"}";
    for (size_t cut = 0; cut < sizeof text - 1; ++cut)
        ck_assert_ptr_nonnull(strchr(tokens(text, cut), '!'));
    ck_assert_ptr_null(strchr(tokens(text, sizeof text - 1), '!'));
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(depth_is_bounded)
{
    begin();
    static char text[2 * SQI_JSON_DEPTH + 2];
    memset(text, '[', SQI_JSON_DEPTH);
    memset(text + SQI_JSON_DEPTH, ']', SQI_JSON_DEPTH);
    ck_assert_ptr_null(strchr(tokens(text, sizeof text - 2), '!'));
    memset(text, '[', SQI_JSON_DEPTH + 1);
    memset(text + SQI_JSON_DEPTH + 1, ']', SQI_JSON_DEPTH + 1);
    ck_assert_ptr_nonnull(strstr(tokens(text, sizeof text), "!1000"));
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(a_value_is_skipped_whole)
{
    sqi_json j;
    sqi_json_open(&j, SQI_SPAN("{\"a\":{\"x\":[1,{}]},\"b\":2,\"c\":[[]]}"));
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_OBJECT);
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_NAME);
    ck_assert(sqi_json_skip(&j));
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_NAME);
    ck_assert(sqi_json_is(&j, "b") && !sqi_json_is(&j, "bb") && !sqi_json_is(&j, ""));
    ck_assert(sqi_json_skip(&j));
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_NAME);
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_ARRAY);
    ck_assert(sqi_json_skip(&j));
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_OBJECT_END);
    ck_assert_int_eq(sqi_json_next(&j), SQI_JSON_DONE);
    sqi_json_open(&j, SQI_SPAN("{\"a\":[1,"));
    (void)sqi_json_next(&j);
    (void)sqi_json_next(&j);
    ck_assert(!sqi_json_skip(&j));
}
END_TEST

START_TEST(escapes_are_resolved)
{
    begin();
    ck_assert(sqi_json_unescape(SQI_SPAN("a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20ac\\ud83d\\ude00"), &buf));
    ck_assert(sqi_span_equal(sqi_buf_view(&buf), SQI_SPAN("a\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")));
    sqi_buf_clear(&buf);
    ck_assert(sqi_json_unescape(SQI_SPAN("\\ud83d|\\ude00|\\ud83d\\u0041"), &buf));
    ck_assert(sqi_span_equal(sqi_buf_view(&buf), SQI_SPAN("\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd"
                                                          "A")));
    sqi_json j;
    sqi_json_open(&j, SQI_SPAN("\"\\u0061b\\u0000\""));
    (void)sqi_json_next(&j);
    ck_assert(!sqi_json_is(&j, "ab"));
    sqi_json_open(&j, SQI_SPAN("\"\\u0061b\""));
    (void)sqi_json_next(&j);
    ck_assert(sqi_json_is(&j, "ab"));
    sqi_buf_fini(&buf);
}
END_TEST

START_TEST(integers_fit_or_are_refused)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t v;
    } row[] = {{"0", true, 0},
               {"-0", true, 0},
               {"9223372036854775807", true, INT64_MAX},
               {"-9223372036854775808", true, INT64_MIN},
               {"9223372036854775808", false, 0},
               {"-9223372036854775809", false, 0},
               {"99999999999999999999", false, 0},
               {"1.0", false, 0},
               {"1e3", false, 0},
               {"\"1\"", false, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; ++i) {
        sqi_json j;
        int64_t v = 0;
        sqi_json_open(&j, sqi_span_of(row[i].text));
        (void)sqi_json_next(&j);
        ck_assert_msg(sqi_json_int(&j, &v) == row[i].ok, "%s", row[i].text);
        ck_assert_int_eq(v, row[i].v);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {values_are_read_token_by_token, what_is_not_json_is_refused_with_its_place,
                                  a_text_cut_anywhere_is_refused, depth_is_bounded,
                                  a_value_is_skipped_whole,       escapes_are_resolved,
                                  integers_fit_or_are_refused};
    return sqi_test_main("base_json", tests, sizeof tests / sizeof *tests);
}
