#include "tests/support/syncing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"

void
syncing_make(struct fixture *f)
{
	fixture_make(f);
	good(replica_meta_set_int(f->r, META_CURSOR, 30, &why));
	good(replica_meta_set(f->r, META_CURSOR_MARK, MARK, &why));
	good(replica_meta_set(f->r, META_INCARNATION, "inc1", &why));
	fixture_save(f, "project", "", "title", "Lake theft", "beat_ids", "35X",
		"problem", "Bicycles vanish", NULL);
	fixture_pass(f, 60000);
	fixture_save(f, "project", "1b-1", "stage", "analysis", NULL);
}

struct engine *
syncing_begin(struct fixture *f, struct buf *request)
{
	struct engine *e;

	buf_clear(request);
	good(engine_begin(f->r, true, &e, request, &why));
	return e;
}

void
syncing_line(const struct buf *request, unsigned n, struct buf *line)
{
	const char *s = buf_text(request), *end = NULL;

	while (n-- && s)
		s = strchr(s, '\n') ? strchr(s, '\n') + 1 : NULL;
	end = s ? strchr(s, '\n') : NULL;
	if (!end)
		fail_msg("no such line in: %s", buf_text(request));
	buf_clear(line);
	buf_add(line, s, (size_t)(end - s));
}

enum status
syncing_answer(struct fixture *f, int http_status, const char *answer,
	struct sync_counts *counts)
{
	struct buf request = BUF_INIT;
	struct engine *e = syncing_begin(f, &request);
	enum status fed =
		engine_feed(e, http_status, answer, strlen(answer), &why);
	enum status st = engine_end(e, counts, &why);

	if (fed)
		assert_int_equal(st, fed);
	engine_free(e);
	buf_release(&request);
	return st;
}

void
syncing_hello(struct fixture *f, struct hello *h)
{
	struct buf request = BUF_INIT, line = BUF_INIT;
	struct engine *e = syncing_begin(f, &request);

	syncing_line(&request, 0, &line);
	good(message_get_hello(line.data, line.len, h, &why));
	engine_free(e);
	buf_release(&line);
	buf_release(&request);
}
