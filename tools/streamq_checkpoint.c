/*
 * streamq-checkpoint: shows a query's checkpoint, verifies it, and says what a restart would do. It only reads.
 */
#include "checkpoint_look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: streamq-checkpoint DIR                      what it is, its batches and files\n"
    "       streamq-checkpoint --batches DIR            every batch, a line each\n"
    "       streamq-checkpoint --verify DIR             reads every byte; says what is damaged, and where\n"
    "       streamq-checkpoint --state [N] [--batch B] [--json] DIR\n"
    "                                                   rows of state of operator N (0), as they were after batch B\n"
    "                                                   (the last delivered one), as a table or a line of JSON each\n"
    "       streamq-checkpoint --help | --version\n"
    "\n"
    "Except for rows of state, the last line says what a restart would do. Nothing is changed, and a query may be\n"
    "running there. Exit status: 0 fine, 1 something is damaged or a restart would be refused, 2 wrong usage.\n";

enum { FINE, BAD, WRONG_USAGE };

typedef enum wanted { OVERVIEW, BATCHES, VERIFY, STATE } wanted;

typedef struct arguments {
    wanted what;
    uint32_t operator_number;
    int64_t batch; /* -1: the last */
    bool json, help, version;
    const char *dir;
} arguments;

static bool read_number(const char *text, int64_t most, int64_t *out)
{
    char *end;
    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return false;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return !errno && *out <= most;
}

static bool choose(arguments *a, wanted what)
{
    bool fine = a->what == OVERVIEW || a->what == what;
    a->what = what;
    return fine;
}

/* What follows "--name" or stands behind its "="; NULL: this is not that option. */
static const char *value_of(const char *name, char **argv, int *at)
{
    size_t n = strlen(name);
    if (strncmp(argv[*at], name, n) != 0)
        return NULL;
    if (argv[*at][n] == '=')
        return argv[*at] + n + 1;
    if (argv[*at][n])
        return NULL;
    return argv[*at + 1] ? argv[++*at] : "";
}

static bool read_state(arguments *a, char **argv, int *at)
{
    int64_t number = 0;
    const char *text = strchr(argv[*at], '=');
    bool given = text || read_number(argv[*at + 1], UINT32_MAX, &number);
    if (!text && given)
        text = argv[++*at];
    else if (text)
        ++text;
    a->operator_number = 0;
    if (given && !read_number(text, UINT32_MAX, &number))
        return false;
    a->operator_number = (uint32_t)number;
    return choose(a, STATE);
}

static bool read_argument(arguments *a, char **argv, int *at)
{
    const char *arg = argv[*at], *value;
    if (!strcmp(arg, "--help") || !strcmp(arg, "-h"))
        return a->help = true;
    if (!strcmp(arg, "--version"))
        return a->version = true;
    if (!strcmp(arg, "--batches"))
        return choose(a, BATCHES);
    if (!strcmp(arg, "--verify"))
        return choose(a, VERIFY);
    if (!strcmp(arg, "--json"))
        return a->json = true;
    if (!strcmp(arg, "--state") || !strncmp(arg, "--state=", 8))
        return read_state(a, argv, at);
    if ((value = value_of("--batch", argv, at)) != NULL)
        return read_number(value, INT64_MAX, &a->batch);
    if (arg[0] == '-' || a->dir || !arg[0])
        return false;
    a->dir = arg;
    return true;
}

static int wrong_usage(const char *why, const char *what)
{
    fprintf(stderr, "streamq-checkpoint: %s%s\n%s", why, what, usage);
    return WRONG_USAGE;
}

static int work(const arguments *a)
{
    look l;
    sqi_os_stat st;
    char text[128];
    if (!look_begin(&l, a->dir)) {
        fprintf(stderr, "streamq-checkpoint: no memory\n");
        return BAD;
    }
    int code = l.files->stat(l.files->context, a->dir, &st);
    if (code || st.kind != SQI_OS_DIRECTORY) {
        fprintf(stderr, "streamq-checkpoint: %s: %s\n", a->dir,
                code ? sqi_os_message(code, text, sizeof text) : "this is no directory");
        look_end(&l);
        return BAD;
    }
    switch (a->what) {
    case OVERVIEW:
        show_overview(&l);
        break;
    case BATCHES:
        show_batches(&l);
        break;
    case VERIFY:
        verify(&l);
        break;
    case STATE:
        show_state(&l, a->operator_number, a->batch, a->json);
        break;
    }
    look_end(&l);
    return l.bad ? BAD : FINE;
}

int main(int argc, char **argv)
{
    arguments a = {.batch = -1};
    for (int at = 1; at < argc; ++at) {
        int begin = at;
        if (!read_argument(&a, argv, &at))
            return wrong_usage("cannot take ", argv[begin]);
    }
    if (a.help || a.version) {
        fputs(a.help ? usage : "streamq-checkpoint " STREAMQ_VERSION "\n", stdout);
        return FINE;
    }
    if (!a.dir)
        return wrong_usage("which directory?", "");
    if (a.what != STATE && (a.json || a.batch >= 0))
        return wrong_usage("--batch and --json go with --state", "");
    int status = work(&a);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "streamq-checkpoint: cannot write: %s\n", strerror(errno));
        return BAD;
    }
    return status;
}
