/*
 * make_golden DIR [KIND]: writes the checkpoint of each golden query (tests/support/golden_list.c) into DIR/KIND/, and what its next
 * micro-batches give into DIR/KIND.txt. Only for kinds that are new: the files of a release stay as they are.
 */
#include "golden_files.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "make_golden DIR [KIND]\n");
        return 2;
    }
    (void)mkdir(argv[1], 0755);
    for (size_t i = 0; i < golden_count; i++)
        if (argc < 3 || strcmp(argv[2], goldens[i].name) == 0)
            golden_files_write(argv[1], &goldens[i]);
    return 0;
}
