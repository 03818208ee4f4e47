#include "sync/message.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/message_members.h"

void
hello_release(struct hello *h)
{
	free(h->token);
	names_release(&h->books);
	names_release(&h->asked);
	for (size_t i = 0; i < h->filling_count; i++) {
		free(h->fillings[i].book);
		free(h->fillings[i].kind);
		free(h->fillings[i].id);
	}
	free(h->fillings);
	free(h->profile_hash);
	memset(h, 0, sizeof(*h));
}

void
books_hash(struct names *books, const char *level, struct names *lent,
	uint8_t out[MARK_SIZE])
{
	struct buf text = BUF_INIT;
	struct digest_part part;
	struct digest d;

	names_sort(books);
	for (size_t i = 0; i < books->count; i++) {
		buf_puts(&text, books->items[i]);
		buf_putc(&text, '\n');
	}
	if (level[0])
		buf_printf(&text, "=%s\n", level);
	names_sort(lent);
	for (size_t i = 0; i < lent->count; i++)
		buf_printf(&text, "+%s\n", lent->items[i]);
	part.bytes = buf_text(&text);
	part.len = text.len;
	digest_parts(&part, 1, &d);
	memcpy(out, d.bytes, MARK_SIZE);
	buf_release(&text);
}

void
head_release(struct head *h)
{
	names_release(&h->books);
	names_release(&h->lent);
	free(h->level);
	free(h->profile_hash);
	free(h->token);
	memset(h, 0, sizeof(*h));
}

void
frame_release(struct frame *f)
{
	head_release(&f->head);
	free(f->text);
	free(f->kind);
	free(f->id);
	names_release(&f->books);
	checksums_release(&f->sums);
	for (size_t i = 0; i < f->count; i++)
		entry_release(&f->entries[i]);
	free(f->entries);
	memset(f, 0, sizeof(*f));
}

void
coder_start_up(struct coder *c, const struct hello *h, uint32_t own)
{
	c->n = c->first_n = h->n;
	c->seen = h->cursor.set ? h->cursor.seq : 0;
	c->own = own;
	c->join_left = REQUEST_MAX;
}

/* The hub's own edits have no badge, and the client knows its own: neither
 * is ever told. */
void
coder_start_down(
	struct coder *c, const struct hello *h, int64_t hub_ms, uint32_t own)
{
	char badge[ID_MAX + 1];
	const char *mac;
	uint32_t number;

	c->n = c->first_n = h->n;
	c->hub_ms = hub_ms;
	c->seq = h->cursor.set ? h->cursor.seq : 0;
	c->at = hub_ms;
	c->own = own;
	c->join_left = REQUEST_MAX;
	coder_learn(c, 0, "");
	if (token_split(h->token, &number, badge, sizeof(badge), &mac))
		coder_learn(c, own, badge);
}

void
ages_release(struct ages *a)
{
	free(a->items);
	memset(a, 0, sizeof(*a));
}

void
coder_note_age(struct coder *c, int64_t age_ms)
{
	if (!c->ages || c->ages->count >= AGES_MAX)
		return;
	MEM_ROOM(c->ages->items, c->ages->count, c->ages->cap);
	c->ages->items[c->ages->count++] = age_ms;
}

int64_t
coder_stamp_of(const struct coder *c, int64_t n)
{
	int64_t i = n - c->first_n - 1;

	if (!c->ages || i < 0 || i >= (int64_t)c->ages->count)
		return c->at;
	return c->hub_ms - c->ages->items[i];
}

void
coder_note_entry(struct coder *c, const struct edit *e)
{
	if (c->absolute)
		return;
	c->told = e->id;
	free(c->kind);
	free(c->id);
	c->kind = mem_text(e->kind);
	c->id = mem_text(e->record);
}

const char *
coder_badge(const struct coder *c, uint32_t replica)
{
	for (size_t i = 0; i < c->badge_count; i++)
		if (c->badges[i].replica == replica)
			return c->badges[i].badge;
	return NULL;
}

void
coder_learn(struct coder *c, uint32_t replica, const char *badge)
{
	if (coder_badge(c, replica))
		return;
	MEM_ROOM(c->badges, c->badge_count, c->badge_cap);
	c->badges[c->badge_count].replica = replica;
	c->badges[c->badge_count++].badge = mem_text(badge);
}

void
coder_release(struct coder *c)
{
	for (size_t i = 0; i < c->badge_count; i++)
		free(c->badges[i].badge);
	free(c->badges);
	free(c->kind);
	free(c->id);
	memset(c, 0, sizeof(*c));
}

static bool
read_number(const char *text, const char *end, uint32_t *number)
{
	uint64_t v = 0;

	if (text == end || end - text > 10 || (*text == '0' && end - text > 1))
		return false;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	*number = (uint32_t)v;
	return v <= UINT32_MAX;
}

/* A badge may hold full stops; number and MAC hold none. */
bool
token_split(const char *token, uint32_t *number, char *badge, size_t badge_size,
	const char **mac)
{
	const char *first = strchr(token, '.');
	const char *last = strrchr(token, '.');
	size_t len;

	if (!first || first == last || !last[1] ||
		!read_number(token, first, number))
		return false;
	len = (size_t)(last - first) - 1;
	if (len >= badge_size)
		return false;
	memcpy(badge, first + 1, len);
	badge[len] = '\0';
	*mac = last + 1;
	return record_id_ok(badge);
}
