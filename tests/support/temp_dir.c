/* temp_dir: see the header. */
#include "temp_dir.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "os_file.h"

void temp_dir_begin(char dir[64])
{
    snprintf(dir, 64, "/tmp/streamq-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

void temp_dir_end(const char *dir)
{
    ck_assert_int_eq(sqi_os_remove_tree(sqi_os_files_posix(), dir), 0);
}

const char *temp_dir_name(const char *dir, const char *name)
{
    static char path[4][300];
    static unsigned turn;
    char *p = path[turn++ % 4];
    ck_assert_int_lt(snprintf(p, sizeof path[0], "%s/%s", dir, name), (int)sizeof path[0]);
    return p;
}
