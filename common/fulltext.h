/*
 * fulltext.h - the words of records, kept in _find to be looked for.
 *
 * What comes from the hub is written there with the record itself (lay.h). An
 * own save only leaves its words due, since to write them costs as much as all
 * the rest of it: they are brought in before anything is looked for by words,
 * or with the save that makes them many. Due are the records of own edits later
 * than the one that _meta calls "words"; no page is written to say so.
 */
#ifndef COMMON_FULLTEXT_H
#define COMMON_FULLTEXT_H

#include "common/buf.h"
#include "common/replica.h"
#include "common/shown.h"

/* Own edits whose words are due at once: as many as a search may wait for. */
#define FULLTEXT_DUE_MAX 64

/* What is kept of a record: its title, and its other texts. */
struct fulltext {
	struct buf title, body;
};
void fulltext_release(struct fulltext *x);
/* Does this field have words? */
bool fulltext_has(const struct field *f);
/* One field after the other, in the catalogue's order. */
void fulltext_add(struct fulltext *x, const struct kind *kind,
	const struct field *f, const char *text);

/*
 * Inside a transaction: the words of one record, which has its number in
 * _record. `fresh`: none are kept of it yet. Else they are written only where
 * they differ.
 */
MUST_CHECK enum status fulltext_write(const struct tables *t,
	const struct kind *kind, const char *id, const struct fulltext *x,
	bool fresh, struct why *why);
/* The same from the record's row; nothing where it has none. */
MUST_CHECK enum status fulltext_refresh(const struct tables *t,
	const struct kind *kind, const char *id, struct why *why);
MUST_CHECK enum status fulltext_drop(const struct tables *t,
	const struct kind *kind, const char *id, struct why *why);

/* Inside the transaction of own edit `n`, after its rows were laid: its words
 * are due. */
MUST_CHECK enum status fulltext_saved(
	struct replica *r, uint32_t n, struct why *why);
/* Inside a transaction: bring in all that is due. */
MUST_CHECK enum status fulltext_settle(struct replica *r, struct why *why);
/*
 * Before words are looked for: all that is due is brought in and committed, or
 * joins the transaction that is open. replica_version() does not tell of it.
 * Where the file cannot be written, or another program writes for longer than
 * a key may take, the words stay due, and what is looked for is answered from
 * those that are in: a search neither fails nor waits.
 */
void fulltext_ready(struct replica *r);
/* Are this record's words due? */
MUST_CHECK enum status fulltext_is_due(struct replica *r, const char *kind,
	const char *id, bool *due, struct why *why);

#endif
