/*
 * temp_dir: a directory of the real disk for one test. folder_rig has more: what it holds as text, calls that fail.
 */
#ifndef SQI_TEMP_DIR_H
#define SQI_TEMP_DIR_H

void temp_dir_begin(char dir[64]);                            /* made; its path */
void temp_dir_end(const char *dir);                           /* removed with all that is in it */
const char *temp_dir_name(const char *dir, const char *name); /* "dir/name"; stands until the fourth call from now */

#endif
