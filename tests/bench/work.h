/*
 * work.h - what is measured, made from a seed: projects of a beat with twelve
 * short fields and a narrative of 400 bytes, and what people change of them.
 */
#ifndef TESTS_WORK_H
#define TESTS_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

#define WORK_FIELDS 13
#define WORK_NARRATIVE 12 /* place of the long field */
#define WORK_AUTHORS 8	  /* replicas 1 to 8, badges 5001 to 5008 */
#define WORK_KIND "project"
extern const char *const work_fields[WORK_FIELDS];

struct work_record {
	char id[40];
	uint32_t author; /* number of the replica that made it */
	struct buf values[WORK_FIELDS];
};

/* Record `i` (0, 1, 2 …) on one of `beats` beats: 1 is 35X, the next B02 …
 * The struct may be used again; release it at the end. */
void work_record(size_t i, size_t beats, struct work_record *out);
void work_record_release(struct work_record *r);

/* A value to put into this field. */
void work_value(uint64_t *seed, size_t field, struct buf *out);

/* One person's edit of one field. */
struct work_edit {
	size_t record, field;
	struct buf value;
	size_t added; /* bytes of the value that are new at its end; 0: all */
};

#define WORK_SHIFT_A 40
#define WORK_SHIFT_B 10

/* W1, a shift on 200 records: A's 40 edits over 15 records (25 short values
 * of 5 to 40 bytes, 15 additions of about 150 bytes to narratives); B's 10,
 * of which 3 are on fields that A set, 2 additions elsewhere. */
void work_shift(char who, struct work_edit *edits, size_t *count);
void work_edits_release(struct work_edit *edits, size_t count);

/* W4: the i-th remote change, of one of `records` records. */
void work_change(size_t i, size_t records, struct work_edit *out);

#endif
