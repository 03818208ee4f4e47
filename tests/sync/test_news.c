/* A tail is found by book: what others write elsewhere costs nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/sql.h"
#include "sync/hub_core.h"
#include "sync/lite.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

#define OLD_FORMAT                                                          \
	("DROP TABLE news; DROP INDEX entry_replica; DROP INDEX held_name;" \
	 "DROP INDEX held_author;"                                          \
	 "UPDATE meta SET value='1' WHERE key='format'")

static int
count_step(void *arg)
{
	++*(int64_t *)arg;
	return 0;
}

/* Steps of SQLite's machine that one sync of this peer takes the hub. */
static int64_t
steps_of(struct peer *p)
{
	sqlite3 *db = sql_handle(lite_db(p->t->h->log));
	int64_t steps = 0;

	sqlite3_progress_handler(db, 1, count_step, &steps);
	peer_sync(p);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	return steps;
}

static void
write_many(struct peer *p, const char *record, int count)
{
	char title[32];

	for (int i = 0; i < count; i++) {
		snprintf(title, sizeof(title), "title %d", i);
		peer_edit(p, record, peer_id(p, (uint32_t)p->count), "title",
			title, NULL);
		if (i % 1000 == 999)
			peer_sync(p);
	}
	peer_sync(p);
}

/* Two devices of one member: the first asks who they are, for both. */
static int64_t
steps_after(struct peer *writer, struct peer *before, struct peer *p, int count)
{
	write_many(writer, "project/p-7", count);
	peer_sync(before);
	return steps_of(p);
}

static void
foreign_entries_cost_nothing(void **state)
{
	struct hubs *t = *state;
	struct peer far, first, second;
	int64_t few, many;

	peer_enroll(&far, t, "5000");
	peer_enroll(&first, t, "4471");
	peer_enroll(&second, t, "4471");
	peer_sync(&far);
	peer_edit(&far, "project/p-7", NULL, "title", "1", "beat_ids", "7Z",
		NULL);
	peer_sync(&far);
	peer_sync(&first);
	peer_sync(&second);
	few = steps_after(&far, &first, &second, 10);
	many = steps_after(&far, &first, &second, 10000);
	assert_false(peer_saw(&second, "title 9999"));
	assert_int_equal(second.cursor.seq, far.cursor.seq);
	if (many > few + few / 4)
		fail_msg("%lld steps after 10 foreign entries, %lld after "
			 "10,000",
			(long long)few, (long long)many);
	peer_release(&far);
	peer_release(&first);
	peer_release(&second);
}

/* What it told is what it tells: the same entries and moves to whoever begins
 * at 0, through a log made before there was news and one that always had it. */
static void
tell_all(struct peer *p, struct buf *out)
{
	p->cursor.seq = 0;
	memset(p->cursor.mark, 0, sizeof(p->cursor.mark));
	p->cursor.set = true;
	peer_sync(p);
	buf_clear(out);
	for (size_t i = 0; i < p->frame_count; i++) {
		const struct frame *f = &p->frames[i];

		if (f->type == FRAME_CURSOR || f->type == FRAME_HEAD)
			continue;
		buf_printf(out, "%d %lld %s/%s", (int)f->type,
			(long long)(f->count && !f->seq ? f->entries[0].seq
							: f->seq),
			f->kind ? f->kind : "", f->id ? f->id : "");
		for (size_t j = 0; j < f->books.count; j++)
			buf_printf(out, " %s", f->books.items[j]);
		buf_puts(out, "\n");
	}
}

static void
make_past(struct hubs *t)
{
	struct peer a, b;

	peer_enroll(&a, t, "4480");
	peer_enroll(&b, t, "4471");
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(
		&a, "project/p-1", NULL, "title", "1", "beat_ids", "35X", NULL);
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(&b, "project/p-1", peer_id(&a, 1), "title", "2", NULL);
	peer_sync(&b);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "beat_ids", "12Y", NULL);
	peer_edit(&a, "project/p-1", peer_id(&a, 2), "title", "4", NULL);
	peer_sync(&a);
	/* No longer theirs: this one is held, and the sergeant decides. */
	peer_edit(&b, "project/p-1", peer_id(&b, 1), "title", "5", NULL);
	peer_sync(&b);
	assert_non_null(peer_verdict(&b, 2)->verdict.held);
	peer_edit(&a, "project/p-1", peer_id(&a, 2), "beat_ids", "35X", NULL);
	peer_sync(&a);
	peer_release(&a);
	peer_release(&b);
}

static void
make_old(struct hubs *t)
{
	char path[128];
	struct sql *db;

	snprintf(path, sizeof(path), "%s/hub.db", t->place);
	good(sql_open(path, SQL_EXISTING, "the log", &db, &why));
	good(sql_script(db, OLD_FORMAT, &why));
	sql_close(db);
}

static void
older_logs_are_filled(void **state)
{
	static const char *const badges[] = {"4471", "4480", "900", "920"};
	struct hubs *t = *state;
	struct buf told[4] = {BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};
	struct buf again = BUF_INIT;
	struct peer p[4];

	make_past(t);
	for (size_t i = 0; i < 4; i++) {
		peer_enroll(&p[i], t, badges[i]);
		peer_sync(&p[i]);
	}
	for (size_t i = 0; i < 4; i++) {
		tell_all(&p[i], &told[i]);
		assert_non_null(strstr(buf_text(&told[i]), "project/p-1"));
	}
	make_old(t);
	hubs_again(t);
	hubs_verify(t);
	for (size_t i = 0; i < 4; i++) {
		tell_all(&p[i], &again);
		assert_string_equal(buf_text(&again), buf_text(&told[i]));
		peer_release(&p[i]);
		buf_release(&told[i]);
	}
	buf_release(&again);
}

static void
older_backups_are_filled(void **state)
{
	struct hubs *t = *state;
	char file[128], place[128];
	struct sql *db;

	make_past(t);
	snprintf(file, sizeof(file), "%s/backup", t->dir);
	snprintf(place, sizeof(place), "%s/again", t->dir);
	good(hub_backup(t->h, file, &why));
	good(sql_open(file, SQL_EXISTING, "it", &db, &why));
	good(sql_script(db, OLD_FORMAT, &why));
	sql_close(db);
	good(hub_restore(place, file, &t->random, &why));
	hub_close(t->h);
	good(hub_open(place, &t->clock, &t->random, &t->h, &why));
	hubs_verify(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(foreign_entries_cost_nothing),
		HUBS_TEST(older_logs_are_filled),
		HUBS_TEST(older_backups_are_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
