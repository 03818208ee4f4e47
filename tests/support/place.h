/* place.h - folders and files of a test's own, under TMPDIR (tests/run.sh sees
 * that nothing stays there), else under /tmp. */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#define PLACE_MAX 64

/* A new folder, or a new file that holds this, with `name` in its own. Fails
 * the test where it cannot be made. */
void place_folder(char path[PLACE_MAX], const char *name);
void place_file(char path[PLACE_MAX], const char *name, const char *text);

/* A folder with all that is in it, or a file; nothing where it is not there. */
void place_remove(const char *path);

#endif
