/* test_main: one suite, one Check case, every test given. */
#include "test_main.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Check writes every check that holds to a file, so that a crash can be told by the last of them: half the time of all
 * tests. The linker (--wrap, in the Makefile) sends these calls here, where the place is only remembered, and written when
 * a signal ends the process.
 */
void __wrap__mark_point(const char *file, int line);
void __real__mark_point(const char *file, int line);

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { DEADLY = sizeof deadly / sizeof *deadly };

static struct sigaction others[DEADLY]; /* what a sanitizer does with them */
static const char *_Atomic last_file;
static _Atomic int last_line;

void __wrap__mark_point(const char *file, int line)
{
    atomic_store_explicit(&last_file, file, memory_order_relaxed);
    atomic_store_explicit(&last_line, line, memory_order_relaxed);
}

/* On return a fault comes again, and goes where it would have gone without us; a signal that was sent is sent again. */
static void on_death(int number, siginfo_t *info, void *context)
{
    (void)context;
    for (int i = 0; i < DEADLY; i++)
        sigaction(deadly[i], &others[i], NULL);
    if (last_file)
        __real__mark_point(last_file, last_line);
    if (info->si_code <= 0)
        raise(number);
}

static void watch_for_death(void)
{
    struct sigaction ours = {.sa_sigaction = on_death, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    for (int i = 0; i < DEADLY; i++)
        sigaction(deadly[i], &ours, &others[i]);
}

int sqi_test_main_each(const char *name, const TTest *const *tests, size_t n, const TTest *const *each, size_t neach,
                       int cases)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");
    if (!getenv("CK_DEFAULT_TIMEOUT"))
        tcase_set_timeout(all, 60); /* of one test; nothing is shown by the time it takes */
    for (size_t i = 0; i < n; i++)
        tcase_add_test(all, tests[i]);
    for (size_t i = 0; i < neach; i++)
        tcase_add_loop_test(all, each[i], 0, cases);
    suite_add_tcase(suite, all);
    watch_for_death();
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int sqi_test_main(const char *name, const TTest *const *tests, size_t n)
{
    return sqi_test_main_each(name, tests, n, NULL, 0, 0);
}
