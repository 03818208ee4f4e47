/*
 * floor.h - what SQLite, zlib and bare HTTP cost by themselves on the same
 * work: the least that anything could do that keeps rows, and no more.
 */
#ifndef TESTS_FLOOR_H
#define TESTS_FLOOR_H

#include <stddef.h>

#include "tests/bench/spent.h"

/* W1: bytes up and down of three syncs that carry session patchsets, zlib -9,
 * bare headers, no token and no history. */
struct floor_shift {
	size_t up[3], down[3];
	size_t suffixes;  /* A's edits as what is new in each, deflated */
	double additions; /* deflated size of the new texts, of their size */
};
void floor_shift(struct floor_shift *out);

/* W2: the rows as lines, zlib -9, with bare headers. */
size_t floor_fill_bytes(size_t records);

/* W2: what it takes to insert row, cells and log entry of each, durable, in
 * transactions of as many records as `at_once`. The file is made at `file`. */
struct spent floor_fill_time(const char *file, size_t records, size_t at_once);

/* W4: what it takes to update row, cell, log and full text for each change, durable,
 * in transactions of `at_once` changes, on `records` records, with the page
 * cache of `cache_kib`. */
struct spent floor_changes_time(const char *file, size_t records,
	size_t changes, size_t at_once, int cache_kib);

#endif
