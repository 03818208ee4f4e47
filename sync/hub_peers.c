#include "sync/hub_peers.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "common/buf.h"
#include "common/when.h"

#define CUT_AGAIN_MS 60000 /* one that was shut and did not end */

struct peers {
	struct one_peer *first;
	int64_t next_due; /* of all, or before it */
};

int64_t
peers_now(void)
{
	struct clock_reading now;

	clock_read(NULL, &now);
	return now.boot_ms;
}

struct peers *
peers_new(void)
{
	return mem_alloc(sizeof(struct peers));
}

void
peers_free(struct peers *p)
{
	free(p);
}

struct one_peer *
peer_start(struct peers *p, int fd, const struct sockaddr *from)
{
	struct one_peer *c = mem_alloc(sizeof(*c));

	c->all = p;
	c->fd = fd;
	c->next = p->first;
	if (c->next)
		c->next->before = c;
	else
		p->next_due = INT64_MAX;
	p->first = c;
	if (from)
		listen_peer_name(from, c->address);
	return c;
}

void
peer_end(struct one_peer *c)
{
	*(c->before ? &c->before->next : &c->all->first) = c->next;
	if (c->next)
		c->next->before = c->before;
	free(c);
}

void
peer_deadline(struct one_peer *c, int64_t ms)
{
	if (!c)
		return;
	c->due = peers_now() + ms;
	if (c->due < c->all->next_due)
		c->all->next_due = c->due;
}

static void
cut_due(struct peers *p, int64_t now)
{
	p->next_due = INT64_MAX;
	for (struct one_peer *c = p->first; c; c = c->next) {
		if (c->due <= now) {
			shutdown(c->fd, SHUT_RDWR);
			c->due = now + CUT_AGAIN_MS;
		}
		if (c->due < p->next_due)
			p->next_due = c->due;
	}
}

int64_t
peers_cut(struct peers *p)
{
	int64_t now = peers_now();

	if (p->first && p->next_due <= now)
		cut_due(p, now);
	return p->first ? p->next_due - now : -1;
}
