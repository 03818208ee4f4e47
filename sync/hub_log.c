#include "sync/hub_log.h"

#include <stdlib.h>
#include <string.h>

void
hub_log_close(struct hub_log *l)
{
	if (l)
		l->ops->close(l);
}

void
log_row_release(struct log_row *r)
{
	entry_release(&r->entry);
	memset(r, 0, sizeof(*r));
}

void
log_rows_release(struct log_rows *l)
{
	for (size_t i = 0; i < l->count; i++)
		log_row_release(&l->items[i]);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_briefs_release(struct log_briefs *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].kind);
		free(l->items[i].id);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_seqs_release(struct log_seqs *l)
{
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_cells_release(struct log_cells *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].field);
		free(l->items[i].value);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

struct log_cell *
log_cell_find(const struct log_cells *l, const char *field)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->items[i].field, field) == 0)
			return &l->items[i];
	return NULL;
}

void
log_losers_release(struct log_losers *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->items[i].field);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

bool
log_losers_have(
	const struct log_losers *l, const char *field, struct edit_id edit)
{
	for (size_t i = 0; i < l->count; i++)
		if (edit_id_same(l->items[i].edit, edit) &&
			strcmp(l->items[i].field, field) == 0)
			return true;
	return false;
}

void
log_losers_add(struct log_losers *l, const char *field, struct edit_id edit)
{
	MEM_ROOM(l->items, l->count, l->cap);
	l->items[l->count].field = mem_text(field);
	l->items[l->count].edit = edit;
	l->count++;
}

void
log_names_release(struct log_names *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].kind);
		free(l->items[i].id);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_books_release(struct log_books *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->items[i].book);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_moves_release(struct log_moves *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].kind);
		free(l->items[i].id);
		free(l->items[i].book);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_held_release(struct log_held *h)
{
	free(h->kind);
	free(h->id);
	free(h->by);
	memset(h, 0, sizeof(*h));
}

void
log_helds_release(struct log_helds *l)
{
	for (size_t i = 0; i < l->count; i++)
		log_held_release(&l->items[i]);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

void
log_replica_release(struct log_replica *r)
{
	free(r->badge);
	free(r->device);
	memset(r, 0, sizeof(*r));
}

void
log_replicas_release(struct log_replicas *l)
{
	for (size_t i = 0; i < l->count; i++)
		log_replica_release(&l->items[i]);
	free(l->items);
	memset(l, 0, sizeof(*l));
}
