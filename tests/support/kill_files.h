/*
 * kill_files: the files of a story, without the library: what the file sink shows (the log of files, then the files that
 * it names; the numbers go into the story's world as if they had been seen all at once), and those for the file source,
 * a number in each, put into its folder by renaming.
 */
#ifndef SQI_KILL_FILES_H
#define SQI_KILL_FILES_H

#include "kill_rig.h"

void kill_files_read(kill_story *s);
void kill_files_drop(kill_story *s, int64_t until, int most); /* the next files, up to the number `until` */

#endif
