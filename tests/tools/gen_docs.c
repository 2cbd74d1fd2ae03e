/*
 * gen_docs: writes docs/functions.md and docs/options.md from the tables in the library, into the folder given.
 */
#include <stdio.h>
#include <string.h>

#include "agg.h"
#include "api_state.h"
#include "func.h"
#include "io_file_options.h"
#include "run_state_source.h"

static void cell(FILE *to, const char *text)
{
    for (; text && *text; ++text) {
        if (*text == '|')
            fputc('\\', to);
        fputc(*text, to);
    }
}

static void row(FILE *to, const char *name, const char *text, const char *kind)
{
    fprintf(to, "| `");
    cell(to, name);
    fprintf(to, "` | %s | ", kind);
    cell(to, text);
    fprintf(to, " |\n");
}

static void functions(FILE *to)
{
    size_t n = 0;
    fprintf(to, "# Functions\n\nMade from the library's tables. Names, types and null rules are Spark 4.3's; what "
                "differs is in\n"
                "[differences.md](differences.md).\n\n| name | kind | what it does |\n|---|---|---|\n");
    for (size_t i = 0; sqi_func_at(i); ++i)
        if (!(sqi_func_at(i)->flags & SQI_FUNC_INTERNAL)) {
            row(to, sqi_func_at(i)->name, sqi_func_at(i)->text, "function");
            ++n;
        }
    for (size_t i = 0; sqi_agg_at(i); ++i, ++n)
        row(to, sqi_agg_at(i)->name, sqi_agg_at(i)->text, "aggregate");
    for (size_t i = 0; sqi_generator_at(i); ++i, ++n)
        row(to, sqi_generator_at(i)->name, sqi_generator_at(i)->text, "generator");
    fprintf(to, "\n%zu names.\n", n);
}

static const char *kind_of(sqi_option_kind kind)
{
    static const char *const name[] = {"text", "true or false", "integer", "size", "duration"};
    return name[kind];
}

static void options(FILE *to, const sqi_option_row *rows, size_t n)
{
    if (!n) {
        fprintf(to, "No options.\n");
        return;
    }
    fprintf(to, "| option | kind | default | what it does |\n|---|---|---|---|\n");
    for (size_t i = 0; i < n; ++i) {
        fprintf(to, "| `%s` | %s | %s | ", rows[i].name, kind_of(rows[i].kind),
                rows[i].required                        ? "required"
                : rows[i].fallback && *rows[i].fallback ? rows[i].fallback
                                                        : "none");
        cell(to, rows[i].text);
        fprintf(to, " |\n");
    }
}

static void all_options(FILE *to)
{
    size_t n;
    sqi_option_row rows_of_files[SQI_FILE_OPTIONS];
    fprintf(to, "# Options and settings\n\nMade from the library's tables. Names are case-insensitive; an unknown name "
                "is an error "
                "that lists the near ones.\n\n## Sources\n");
    for (size_t i = 0; sqi_source_at(i); ++i) {
        fprintf(to, "\n### %s\n\n", sqi_source_at(i)->name);
        sqi_option_row file[SQI_FILE_OPTIONS_MOST];
        const sqi_format_type *format = sqi_source_at(i)->format;
        if (format)
            options(to, file, sqi_file_options_rows(format, file));
        else
            options(to, sqi_source_at(i)->option, sqi_source_at(i)->noption);
    }
    for (size_t i = 0; sqi_state_source_at(i); ++i) {
        fprintf(to, "\n### %s\n\n", sqi_state_source_at(i)->name);
        options(to, sqi_state_source_at(i)->option, sqi_state_source_at(i)->noption);
    }
    fprintf(to, "\n## Sinks\n");
    for (size_t i = 0; sqi_sink_at(i); ++i) {
        fprintf(to, "\n### %s\n\n", sqi_sink_at(i)->name);
        const sqi_format_type *format =
            sqi_sink_at(i)->files ? sqi_format_find(sqi_span_of(sqi_sink_at(i)->name)) : NULL;
        if (format)
            options(to, rows_of_files, sqi_snk_file_options(format, true, rows_of_files));
        else
            options(to, sqi_sink_at(i)->option, sqi_sink_at(i)->noption);
    }
    const sqi_option_row *rows = sqi_settings_rows(&n);
    fprintf(to, "\n## Settings of a session\n\n");
    options(to, rows, n);
}

static int make(const char *folder, const char *name, void (*write)(FILE *))
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *to = fopen(path, "w");
    if (!to) {
        perror(path);
        return 1;
    }
    write(to);
    return fclose(to) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: gen_docs FOLDER\n");
        return 2;
    }
    return make(argv[1], "functions.md", functions) | make(argv[1], "options.md", all_options);
}
