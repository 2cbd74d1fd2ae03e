/* Values of quoted texts. */
#include "expr_lex.h"
#include "test_main.h"

static void check(const char *body, size_t len, const char *want, size_t want_len)
{
    sqi_alloc alloc;
    sqi_arena arena;
    sqi_span out;
    sqi_alloc_init(&alloc);
    sqi_arena_init(&arena, &alloc);
    ck_assert(sqi_lex_unescape((sqi_span){body, len}, '\'', &arena, &out));
    ck_assert_msg(out.len == want_len && memcmp(out.ptr, want, want_len) == 0, "%s gives %.*s", body, (int)out.len,
                  out.ptr);
    sqi_arena_fini(&arena);
}

#define CHECK(body, want) check(body, sizeof body - 1, want, sizeof want - 1)

START_TEST(letters_after_a_backslash)
{
    CHECK("\\b\\n\\r\\t\\Z\\0", "\b\n\r\t\x1A\0");
    CHECK("\\\\\\'\\\"\\x\\q", "\\'\"xq");
    CHECK("\\%\\_", "\\%\\_");
    CHECK("\\\303\251", "\303\251");
    CHECK("a\\", "a\\");
    CHECK("", "");
}
END_TEST

START_TEST(doubled_quotes_are_one)
{
    CHECK("it''s", "it's");
    CHECK("''''", "''");
    CHECK("\\'''", "''");
    CHECK("\"\"", "\"\"");
}
END_TEST

START_TEST(characters_by_number)
{
    CHECK("\\u0041\\u00e9\\u20AC", "A\303\251\342\202\254");
    CHECK("\\U0001F600\\U00000041", "\360\237\230\200A");
    CHECK("\\101\\177\\000", "A\x7f\0");
    CHECK("\\u004", "u004");
    CHECK("\\u00g1", "u00g1");
    CHECK("\\U0001F60", "U0001F60");
    CHECK("\\12", "12");
    CHECK("\\201", "201");
    CHECK("\\178", "178");
    CHECK("\\0a", "\0a");
}
END_TEST

START_TEST(surrogates_pair_up_and_are_nothing_alone)
{
    CHECK("\\ud83d\\ude00", "\360\237\230\200");
    CHECK("\\U0000d83d\\ude00", "\360\237\230\200");
    CHECK("\\ud83d", "?");
    CHECK("\\ude00\\ud83d", "??");
    CHECK("\\ud83d\\u0041", "?A");
    CHECK("\\ud83d\\n", "?\n");
    CHECK("\\U00110000", "?");
    CHECK("\\UFFFFFFFF", "?");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {letters_after_a_backslash, doubled_quotes_are_one, characters_by_number,
                                  surrogates_pair_up_and_are_nothing_alone};
    return sqi_test_main("expr_lex_escape", tests, sizeof tests / sizeof *tests);
}
