/*
 * test_main: the frame of a Check program. Tests are listed once:
 *
 *     int main(void)
 *     {
 *         const TTest *const tests[] = {first_test, second_test};
 *         return sqi_test_main("base_arena", tests, sizeof tests / sizeof *tests);
 *     }
 */
#ifndef SQI_TEST_MAIN_H
#define SQI_TEST_MAIN_H

#include <check.h>
#include <stddef.h>

/* Runs every test in a process of its own (CK_FORK=no: in this one). EXIT_SUCCESS or EXIT_FAILURE. */
int sqi_test_main(const char *name, const TTest *const *tests, size_t n);
/* The same, and then every test of `each` for _i = 0 .. cases - 1. */
int sqi_test_main_each(const char *name, const TTest *const *tests, size_t n, const TTest *const *each, size_t neach,
                       int cases);

#endif
