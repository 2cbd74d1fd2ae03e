/*
 * case_file: the case format (tests/cases/README.md) as data: blocks of streaming cases, lines of expression files, and
 * the cell notation. Test code: it aborts on lack of memory.
 */
#ifndef CASE_FILE_H
#define CASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct case_block {
    int line;
    char *word, *rest; /* "add", "lines" */
    char **body;       /* indented lines, without the indent */
    size_t nbody;
} case_block;

typedef struct case_item {
    char *name;
    case_block *block;
    size_t nblock;
} case_item;

typedef struct case_expr {
    int line;
    char *text, *want; /* want: "int | 3", "fails X"; NULL: none recorded */
} case_expr;

typedef struct case_file {
    char *path, *name; /* name: the last part of the path */
    case_item *item;
    size_t nitem;
    case_expr *expr; /* of a *.expr file */
    size_t nexpr;
} case_file;

/* False: the file cannot be read or is malformed; *why says so (free it). */
bool case_file_read(case_file *f, const char *path, char **why);
void case_file_free(case_file *f);

/* A cell as expected rows write it ('' for empty, NULL for NULL, \p for |, ...): malloc'ed. NULL text: null. */
char *case_cell(const char *text, size_t len);
/* A row of the file: cells trimmed, joined by " | ": malloc'ed. */
char *case_row(const char *line);
/* Body lines joined by line ends: malloc'ed. */
char *case_body(const case_block *b);

#endif
