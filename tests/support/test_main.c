/* test_main: one suite, one Check case, every test given. */
#include "test_main.h"

#include <stdlib.h>

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
