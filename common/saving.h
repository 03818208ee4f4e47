/*
 * saving.h - a save under way, for save.c and its rooms: save_fill.c completes
 * what a person gave, save_check.c says whether it may be kept.
 */
#ifndef COMMON_SAVING_H
#define COMMON_SAVING_H

#include "common/edit.h"
#include "common/looked.h"
#include "common/record.h"
#include "common/replica.h"

struct saving {
	struct replica *r;
	struct edit *e;
	const struct kind *kind;
	struct record *was;	   /* its values before; NULL: a new record */
	const struct looked *when; /* began looking; NULL: now */
	int64_t at;		   /* as reckoned here, ms */
};

#endif
