/*
 * kill_files: what the file sink of a story shows, read without the library: the log of files, then the files that it
 * names. The numbers go into the story's world as if they had been seen all at once.
 */
#ifndef SQI_KILL_FILES_H
#define SQI_KILL_FILES_H

#include "kill_rig.h"

void kill_files_read(kill_story *s);

#endif
