/* durable.h - names that a loss of power does not take back: a file's new name
 * lasts once its folder is on the disk. */
#ifndef COMMON_DURABLE_H
#define COMMON_DURABLE_H

#include <stdbool.h>

/* Rename, replacing what is there. False, with errno: it may not last. */
bool durable_rename(const char *from, const char *to);
/* Make a folder of this account's own; its parent must be there. False, with
 * errno: not made, EEXIST where something is there. */
bool durable_folder(const char *path);
/* Make those of the folders on a file's path that are not there. */
bool durable_folders(const char *path);

#endif
