/*
 * gen_errors: prints docs/errors.md from the list of conditions in lib/base/base_cond.h.
 * Run through check_errors.sh.
 */
#include <stdio.h>

#include "base_cond.h"

static const char *status_name(streamq_status status)
{
    static const struct {
        streamq_status status;
        const char *name;
    } names[] = {{STREAMQ_ERR_NOMEM, "NOMEM"},       {STREAMQ_ERR_INVALID, "INVALID"},
                 {STREAMQ_ERR_STATE, "STATE"},       {STREAMQ_ERR_UNSUPPORTED, "UNSUPPORTED"},
                 {STREAMQ_ERR_CANCELED, "CANCELED"}, {STREAMQ_ERR_LIMIT, "LIMIT"},
                 {STREAMQ_ERR_INTERNAL, "INTERNAL"}, {STREAMQ_ERR_TIMEOUT, "TIMEOUT"},
                 {STREAMQ_ERR_PARSE, "PARSE"},       {STREAMQ_ERR_ANALYSIS, "ANALYSIS"},
                 {STREAMQ_ERR_DATA, "DATA"},         {STREAMQ_ERR_IO, "IO"},
                 {STREAMQ_ERR_USER, "USER"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status)
            return names[i].name;
    return "?";
}

/* What Markdown would act on inside a table cell. */
static void print_cell(const char *text)
{
    for (; *text; text++) {
        if (*text == '|' || *text == '*' || *text == '_' || *text == '<' || *text == '\\' || *text == '[')
            putchar('\\');
        putchar(*text);
    }
}

int main(void)
{
    fputs("# Errors\n"
          "\n"
          "Every error has a condition, an SQLSTATE and a status. The condition and the SQLSTATE are Spark's where\n"
          "Spark has one for the case; the status (`STREAMQ_ERR_...`) is what the call returns. The message of an\n"
          "error has the form\n"
          "\n"
          "    [CONDITION] what, where and what to do SQLSTATE: 42703 (line 1, pos 7)\n"
          "\n"
          "followed, where they are known, by the line of SQL with a caret, by names that were perhaps meant, and by\n"
          "a hint. `streamq_error_condition` gives the condition alone: compare that, never the message.\n"
          "\n"
          "This page is made from `lib/base/base_cond.h` by `tests/lint/check_errors.sh --write`.\n"
          "\n"
          "| Condition | SQLSTATE | Status | Meaning |\n"
          "|---|---|---|---|\n",
          stdout);
    for (int c = 1; c < SQI_COND_COUNT_; c++) {
        printf("| `%s` | %s | %s | ", sqi_cond_name((sqi_cond)c), sqi_cond_sqlstate((sqi_cond)c),
               status_name(sqi_cond_status((sqi_cond)c)));
        print_cell(sqi_cond_text((sqi_cond)c));
        fputs(" |\n", stdout);
    }
    return ferror(stdout) != 0;
}
