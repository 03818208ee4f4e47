/*
 * Golden conversations: whole syncs between real clients and a real hub, as
 * tests/golden/ has them, byte for byte. The clock stands and chance is
 * seeded, so both programs must say the same again; BEATBOOK_GOLDEN=write
 * writes down what they say now.
 *
 *   > BADGE     what a client asks; < STATUS what the hub answers
 *   % HEX       the same, deflated; the lines that follow are what it holds
 *   = …         what the client holds then
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "sync/pack.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

#define TEXT_MAX ((size_t)4 << 20)
#define HASH_DIGITS 16 /* of a profile's hash */
#define HEX_COLUMNS 36 /* bytes in a line of hex */
#define LONG                                                                \
	"Bicycles vanish from the racks at the lake, most of them between " \
	"six and nine in the evening, when the boat house has closed."

/* Writing a conversation down. */

static void
inflated(const struct buf *from, struct buf *out)
{
	struct unpacker *u = unpacker_new(TEXT_MAX);
	const char *line;
	size_t len;

	good(unpacker_add(u, buf_text(from), from->len, &why));
	while ((line = unpacker_line(u, &len))) {
		buf_add(out, line, len);
		buf_putc(out, '\n');
	}
	assert_true(unpacker_ended(u));
	unpacker_free(u);
}

/* A profile that is edited is none of our business. */
static void
hide_profile(struct buf *b, size_t from)
{
	static const char member[] = "\"p\":\"";
	char *at = b->len > from ? b->data + from : NULL;

	while (at && (at = strstr(at, member))) {
		at += strlen(member);
		if (strspn(at, "0123456789abcdef") == HASH_DIGITS)
			memset(at, '0', HASH_DIGITS);
	}
}

static void
tell_stream(struct buf *out, const struct buf *stream)
{
	const unsigned char *b = (const unsigned char *)buf_text(stream);
	size_t from = out->len;

	if (stream->len && *b == '{') {
		buf_add(out, stream->data, stream->len);
		hide_profile(out, from);
		return;
	}
	for (size_t i = 0; i < stream->len; i++) {
		if (i % HEX_COLUMNS == 0)
			buf_puts(out, i ? "\n% " : "% ");
		buf_printf(out, "%02x", b[i]);
	}
	buf_putc(out, '\n');
	from = out->len;
	inflated(stream, out);
	hide_profile(out, from);
}

static void
tell(struct device *d, void *arg)
{
	struct buf *out = arg;

	buf_printf(out, "> %s\n", replica_identity(d->f.r)->badge);
	tell_stream(out, &d->request);
	buf_printf(out, "< %d\n", d->status);
	tell_stream(out, &d->answer);
}

static void
tell_rows(struct device *d, struct buf *out, const char *sql)
{
	struct sql *db = replica_sql(d->f.r);
	sqlite3_stmt *s = sql_use(db, sql, "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, &why)) && row)
		buf_printf(out, "= %s\n", sql_column(s, 0));
	good(st);
}

/* What the officers wrote, as this file has it. */
static void
tell_state(struct device *d, struct buf *out)
{
	buf_printf(out, "= what %s holds\n", replica_identity(d->f.r)->badge);
	tell_rows(d, out,
		"SELECT 'book '||book||iif(joined,'',' being filled at '||"
		"kind||'/'||id) FROM _book ORDER BY book");
	tell_rows(d, out,
		"SELECT c.kind||'/'||c.id||' '||c.field||' '||e.replica||'.'||"
		"e.n||' '||json_quote(json_extract(e.body,'$.f.\"'||c.field||"
		"'\"')) FROM _cell c JOIN _entry e ON e.seq=c.seq WHERE c.kind "
		"NOT IN ('member','beat','org_unit','assignment') "
		"ORDER BY c.kind,c.id,c.field");
	tell_rows(d, out,
		"SELECT 'conflict '||kind||'/'||id||' '||field||' '||replica||"
		"'.'||n FROM _conflict ORDER BY 1");
	tell_rows(d, out,
		"SELECT 'unsent '||kind||'/'||id||' '||body FROM _outbox WHERE "
		"seq IS NULL ORDER BY n");
}

/* Holding it against the file. */

static void
read_file(const char *name, struct buf *out)
{
	struct buf path = BUF_INIT;

	buf_printf(&path, "tests/golden/%s.txt", name);
	if (buf_read_file(out, buf_text(&path), TEXT_MAX, &why))
		fail_msg("%s (BEATBOOK_GOLDEN=write makes it)", why.text);
	buf_release(&path);
}

static void
write_file(const char *name, const struct buf *text)
{
	char *path = mem_printf("tests/golden/%s.txt", name);
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text->data, 1, text->len, f) != text->len || fclose(f))
		fail_msg("%s cannot be written", path);
	free(path);
}

/* The next line, without its newline; hex is gathered on the way: how it is
 * deflated may differ. NULL: no more. */
static const char *
next_line(const char **at, size_t *len, struct buf *packed)
{
	for (;;) {
		const char *line = *at, *end = strchr(line, '\n');
		unsigned byte;

		if (!end)
			return NULL;
		*at = end + 1;
		*len = (size_t)(end - line);
		if (strncmp(line, "% ", 2) != 0)
			return line;
		for (line += 2; line < end; line += 2)
			if (sscanf(line, "%2x", &byte) == 1)
				buf_putc(packed, (char)byte);
	}
}

/* What was deflated in the file holds the lines that follow it there. */
static void
check_packed(struct buf *packed, const char *from)
{
	struct buf lines = BUF_INIT;

	if (!packed->len)
		return;
	inflated(packed, &lines);
	hide_profile(&lines, 0);
	if (strncmp(from, buf_text(&lines), lines.len) != 0)
		fail_msg("what is deflated in the file holds:\n%s",
			buf_text(&lines));
	buf_release(&lines);
	buf_clear(packed);
}

static void
compare(const char *name, const struct buf *said)
{
	struct buf file = BUF_INIT, packed = BUF_INIT, none = BUF_INIT;
	const char *had, *now, *a, *b;
	size_t n = 0, m = 0;

	read_file(name, &file);
	had = buf_text(&file);
	now = buf_text(said);
	do {
		a = next_line(&had, &n, &packed);
		b = next_line(&now, &m, &none);
		if (!a != !b || (a && (n != m || memcmp(a, b, n) != 0)))
			fail_msg("tests/golden/%s.txt\nhas  %.*s\nsaid %.*s",
				name, (int)n, a ? a : "", (int)m, b ? b : "");
		if (a)
			check_packed(&packed, a);
	} while (a);
	buf_release(&file);
	buf_release(&packed);
	buf_release(&none);
}

static void
finish(const char *name, struct buf *said)
{
	const char *how = getenv("BEATBOOK_GOLDEN");

	if (how && strcmp(how, "write") == 0)
		write_file(name, said);
	compare(name, said);
	buf_release(said);
}

/* The same, with what both hold in the end. */
static void
part(const char *name, struct device *a, struct device *b, struct buf *said)
{
	tell_state(a, said);
	tell_state(b, said);
	device_release(a);
	device_release(b);
	finish(name, said);
}

/* The conversations. */

static void
join(struct device *d, struct hubs *t, const char *badge, struct buf *said)
{
	device_enroll(d, t, badge);
	d->listener = said;
}

static void
hear(struct device *d)
{
	d->listen = tell;
}

static void
save(struct device *d, const char *name, const char *field, const char *value)
{
	const char *slash = strchr(name, '/');
	char *kind = mem_printf("%.*s", (int)(slash - name), name);

	hubs_pass(d->t, MINUTE);
	fixture_save(&d->f, kind, slash + 1, field, value, NULL);
	free(kind);
}

/* Two files that are filled, with a project that both have. */
static void
two_join(struct hubs *t, struct device *a, struct device *b, struct buf *said)
{
	join(a, t, "4471", said);
	join(b, t, "4480", said);
	device_sync(a);
	device_sync(b);
	device_sync(a); /* checksums, once */
	device_sync(b);
	fixture_save(&a->f, "project", "", "title", "Lake theft", "beat_ids",
		"35X", "problem", LONG, NULL);
	device_sync(a);
	device_sync(b);
	hear(a);
	hear(b);
}

static void
first_fill(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b;

	two_join(*state, &a, &b, &said);
	device_release(&a);
	join(&a, *state, "4471", &said);
	hear(&a);
	device_sync(&a);
	device_sync(&a);
	tell_state(&a, &said);
	device_release(&a);
	device_release(&b);
	finish("first_fill", &said);
}

static void
shift(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b;

	two_join(*state, &a, &b, &said);
	a.deflated = b.deflated = true;
	save(&a, "project/1-1", "problem", LONG " Walked it twice.");
	save(&a, "project/1-1", "stage", "analysis");
	hubs_pass(*state, MINUTE);
	fixture_save(&a.f, "project_update", "", "project_id", "1-1", "text",
		"Talked to the boat house; they will leave a light on.", NULL);
	save(&b, "project/1-1", "goal", "half by May");
	device_sync(&a);
	device_sync(&b);
	device_sync(&a);
	device_sync(&a); /* nothing to do */
	part("shift", &a, &b, &said);
}

static void
conflict(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b;

	two_join(*state, &a, &b, &said);
	save(&a, "project/1-1", "goal", "half by May");
	save(&b, "project/1-1", "goal", "none at all");
	device_sync(&a);
	device_sync(&b);
	device_sync(&a);
	tell_state(&a, &said);
	hubs_pass(*state, MINUTE);
	good(conflict_resolve(
		a.f.r, "project", "1-1", "goal", "half by June", &why));
	device_sync(&a);
	device_sync(&b);
	part("conflict", &a, &b, &said);
}

static void
move(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b;

	two_join(*state, &a, &b, &said);
	fixture_save(&a.f, "project_update", "", "project_id", "1-1", "text",
		"Walked the block.", NULL);
	device_sync(&a);
	device_sync(&b);
	save(&b, "project/1-1", "beat_ids", "12Y");
	device_sync(&b);
	device_sync(&a);
	tell_state(&a, &said);
	save(&b, "project/1-1", "beat_ids", "35X");
	device_sync(&b);
	device_sync(&a);
	part("move", &a, &b, &said);
}

/* Up to the end of the last line before this one. */
static size_t
upto(const struct device *d, const char *line)
{
	const char *at = strstr(buf_text(&d->answer), line);

	if (!at)
		fail_msg("no %s in: %s", line, buf_text(&d->answer));
	return (size_t)(at - d->answer.data);
}

static void
cut_filling(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b;
	size_t max;

	two_join(*state, &a, &b, &said);
	fixture_save(&a.f, "contact", "", "name", "Ana Diaz", "beat_ids", "35X",
		NULL);
	device_sync(&a);
	device_release(&a);
	join(&a, *state, "4471", &said);
	device_try(&a, 1); /* to see where it could be cut */
	max = upto(&a, "{\"r\":\"contact/");
	hear(&a);
	device_try(&a, max);
	buf_printf(&said, "= cut after %zu bytes of the answer\n", max);
	tell_state(&a, &said);
	save(&b, "project/1-1", "stage", "analysis");
	device_sync(&b);
	device_sync(&a);
	tell_state(&a, &said);
	device_release(&a);
	device_release(&b);
	finish("cut_filling", &said);
}

static void
restored(void **state)
{
	struct hubs *t = *state;
	struct buf said = BUF_INIT;
	struct device a, b;
	char file[128];

	two_join(t, &a, &b, &said);
	snprintf(file, sizeof(file), "%s/backup", t->dir);
	snprintf(t->place, sizeof(t->place), "%s/again", t->dir);
	good(hub_backup(t->h, file, &why));
	save(&a, "project/1-1", "goal", "half by May");
	save(&b, "project/1-1", "stage", "analysis");
	device_sync(&a);
	device_sync(&b);
	device_sync(&a);
	hub_close(t->h);
	good(hub_restore(t->place, file, &t->random, &why));
	good(hub_open(t->place, &t->clock, &t->random, &t->h, &why));
	buf_puts(&said, "= the hub was restored\n");
	device_sync(&a);
	tell_state(&a, &said);
	device_sync(&b);
	device_sync(&a);
	part("restored", &a, &b, &said);
}

/* The same file, twice. */
static void
copy_file(struct device *from, struct device *to)
{
	*to = *from;
	snprintf(to->f.path, sizeof(to->f.path), "%s/copy.db", from->t->dir);
	good(sql_run(replica_sql(from->f.r), &why, "VACUUM INTO ?1", "s",
		to->f.path));
	to->request = to->answer = (struct buf)BUF_INIT;
	to->f.made = (struct names){0};
	good(replica_open(to->f.path, &to->f.clock, &to->f.r, &why));
}

static void
copied(void **state)
{
	struct buf said = BUF_INIT;
	struct device a, b, copy;

	two_join(*state, &a, &b, &said);
	copy_file(&a, &copy);
	save(&a, "project/1-1", "goal", "half by May");
	save(&copy, "project/1-1", "stage", "analysis");
	hubs_pass(*state, MINUTE);
	fixture_save(&copy.f, "contact", "", "name", "Ana Diaz", "beat_ids",
		"35X", NULL);
	device_sync(&a);
	buf_puts(&said, "= now the copy\n");
	device_sync(&copy);
	tell_state(&copy, &said);
	device_sync(&a);
	tell_state(&a, &said);
	device_release(&copy);
	device_release(&a);
	device_release(&b);
	finish("copied", &said);
}

/* A hub that is newer than the client: frames and members it knows not. */
static void
say_news(struct device *d, void *arg)
{
	static const char news[] =
		"{\"s\":0,\"a\":0,\"weather\":\"rain\"}\n{\"moon\":[1,2]}\n";
	struct buf changed = BUF_INIT;
	const char *head = buf_text(&d->answer), *at = strchr(head, '\n') + 1;

	buf_add(&changed, head, (size_t)(at - head) - 2);
	buf_puts(&changed, ",\"tide\":{\"low\":3}}\n");
	buf_puts(&changed, news);
	buf_puts(&changed, at);
	buf_release(&d->answer);
	d->answer = changed;
	tell(d, arg);
}

/* A client that is newer than the hub: a kind, a field and members. */
static void
newer_peers(void **state)
{
	struct hubs *t = *state;
	struct buf said = BUF_INIT, request = BUF_INIT, hash = BUF_INIT;
	struct device a, b, again;
	struct peer p;

	two_join(t, &a, &b, &said);
	peer_enroll(&p, t, "4480");
	good(replica_meta(a.f.r, META_PROFILE_HASH, &hash, &why));
	peer_request(&p, &request);
	buf_cut(&request, request.len - 2);
	buf_printf(&request,
		",\"p\":\"%s\",\"sky\":[\"blue\"]}\n"
		"{\"r\":\"project/1-1\",\"f\":{\"battery\":\"70\",\"title\":"
		"\"Lake\"},\"o\":{\"title\":\"1.1\"},\"mood\":7}\n"
		"{\"r\":\"drone/3-1\",\"f\":{\"name\":\"Heron\"}}\n",
		buf_text(&hash));
	buf_puts(&said, "> 4480, newer\n");
	tell_stream(&said, &request);
	peer_send(&p, request.data, request.len, 0);
	buf_printf(&said, "< %d\n", p.status);
	tell_stream(&said, &p.text);
	a.listen = say_news;
	device_sync(&a);
	tell_state(&a, &said);
	join(&again, t, "4480", &said);
	hear(&again);
	device_sync(&again);
	tell_state(&again, &said);
	save(&a, "project/1-1", "title", "Lake thefts");
	device_sync(&a);
	device_release(&again);
	device_release(&a);
	device_release(&b);
	peer_release(&p);
	buf_release(&request);
	buf_release(&hash);
	finish("newer_peers", &said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(first_fill),
		HUBS_TEST(shift),
		HUBS_TEST(conflict),
		HUBS_TEST(move),
		HUBS_TEST(cut_filling),
		HUBS_TEST(restored),
		HUBS_TEST(copied),
		HUBS_TEST(newer_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
