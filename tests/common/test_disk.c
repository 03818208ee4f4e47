/* The disks of the tests: do they lose what a real one may lose, no more and
 * no less? What every other test of power and faults stands on. */
#include "tests/support/disk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/durable.h"
#include "common/sql.h"
#include "tests/support/good.h"

#define FILE_PATH "/disk/car/a.db"
#define SEEDS 40

static int
set_up(void **state)
{
	(void)state;
	disk_start();
	disk_make("car");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	disk_stop();
	return 0;
}

static struct sql *
open_db(enum sql_mode mode)
{
	struct sql *db;

	good(sql_open(FILE_PATH, mode, "replica", &db, &why));
	return db;
}

static struct sql *
make_db(void)
{
	struct sql *db = open_db(SQL_CREATE);

	good(sql_script(db, "CREATE TABLE t(n INTEGER, text TEXT)", &why));
	return db;
}

static enum status
insert(struct sql *db, int64_t n)
{
	return sql_run(db, &why,
		"INSERT INTO t VALUES(?1, hex(zeroblob(3000)))", "i", n);
}

static int64_t
count(struct sql *db)
{
	int64_t n;

	good(sql_int(db, 0, &n, &why, "SELECT count(*) FROM t", ""));
	return n;
}

/* The program is killed, here and now. */
static void
kill_program(struct sql *db, enum disk_loss loss, uint64_t seed)
{
	struct disk_image *image = disk_image("car");

	sql_close(db);
	disk_put("car", image);
	disk_image_free(image);
	disk_lose("car", loss, seed);
}

static void
two_connections_see_each_other(void **state)
{
	struct sql *a = make_db(), *b = open_db(SQL_EXISTING);

	(void)state;
	good(insert(a, 1));
	assert_int_equal(1, count(b));
	good(sql_begin(a, &why));
	assert_int_equal(ST_FILE, sql_begin(b, &why));
	good(insert(a, 2));
	assert_int_equal(1, count(b));
	good(sql_commit(a, &why));
	assert_int_equal(2, count(b));
	sql_close(a);
	good(insert(b, 3));
	sql_close(b);
	b = open_db(SQL_READ);
	assert_int_equal(3, count(b));
	sql_close(b);
}

static void
what_was_committed_survives_the_power(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct sql *db = make_db();

		for (int64_t n = 0; n < 5; n++)
			good(insert(db, n));
		good(sql_begin(db, &why));
		good(insert(db, 99));
		kill_program(db, seed ? LOSS_SOME : LOSS_ALL, seed);
		db = open_db(SQL_EXISTING);
		assert_int_equal(5, count(db));
		sql_close(db);
		disk_remove("car");
		disk_make("car");
	}
}

/* The disk that keeps everything would prove nothing. */
static void
what_was_not_synced_may_be_gone(void **state)
{
	int lost = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct sql *db = make_db();
		int64_t n;

		good(sql_script(db, "PRAGMA synchronous=OFF", &why));
		good(insert(db, 1));
		kill_program(db, LOSS_SOME, seed);
		db = open_db(SQL_EXISTING);
		if (sql_int(db, 0, &n, &why, "SELECT count(*) FROM t", "") ||
			n == 0)
			lost++;
		sql_close(db);
		disk_remove("car");
		disk_make("car");
	}
	assert_in_range(lost, 1, SEEDS - 1);
}

static void
a_killed_program_leaves_what_it_wrote(void **state)
{
	struct sql *db = make_db();

	(void)state;
	good(sql_script(db, "PRAGMA synchronous=OFF", &why));
	good(insert(db, 1));
	kill_program(db, LOSS_NONE, 0);
	db = open_db(SQL_EXISTING);
	assert_int_equal(1, count(db));
	sql_close(db);
}

static void
names_last_once_their_folder_is_synced(void **state)
{
	int fd = open("/disk/car/x", O_RDWR | O_CREAT, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(0, fsync(fd));
	assert_int_equal(0, close(fd));
	assert_int_equal(0, access("/disk/car/x", F_OK));
	disk_lose("car", LOSS_ALL, 0);
	assert_int_equal(-1, access("/disk/car/x", F_OK));

	assert_int_equal(0, close(open("/disk/car/x", O_RDWR | O_CREAT, 0600)));
	fd = open("/disk/car", O_RDONLY | O_DIRECTORY);
	assert_int_equal(0, fsync(fd));
	assert_int_equal(0, rename("/disk/car/x", "/disk/car/y"));
	disk_lose("car", LOSS_ALL, 0);
	assert_int_equal(0, access("/disk/car/x", F_OK));
	assert_int_equal(0, rename("/disk/car/x", "/disk/car/y"));
	assert_int_equal(0, fsync(fd));
	assert_int_equal(0, close(fd));
	disk_lose("car", LOSS_ALL, 0);
	assert_int_equal(-1, access("/disk/car/x", F_OK));
	assert_int_equal(0, access("/disk/car/y", F_OK));
}

/* What the program itself promises to last. */
static void
durable_names_last(void **state)
{
	(void)state;
	assert_true(durable_folder("/disk/car/a"));
	assert_true(durable_folder("/disk/car/a/b"));
	assert_false(durable_folder("/disk/car/a/b"));
	assert_int_equal(
		0, close(open("/disk/car/a/b/x", O_RDWR | O_CREAT, 0600)));
	assert_true(durable_rename("/disk/car/a/b/x", "/disk/car/a/b/y"));
	disk_lose("car", LOSS_ALL, 0);
	assert_int_equal(0, access("/disk/car/a/b/y", F_OK));
	assert_false(durable_rename("/disk/car/a/b/z", "/disk/car/a/b/y"));
}

static void
a_closed_file_stands_alone(void **state)
{
	struct sql *db = make_db();

	(void)state;
	good(insert(db, 1));
	assert_int_equal(0, access(FILE_PATH "-wal", F_OK));
	sql_close(db);
	assert_int_equal(-1, access(FILE_PATH "-wal", F_OK));
}

/* Until it is whole it does not have its name; then it is there for good. */
static void
a_settled_file_lasts(void **state)
{
	struct sql *db;

	(void)state;
	for (int settled = 0; settled < 2; settled++) {
		good(sql_open("/disk/car/a.db.part", SQL_CREATE, "replica", &db,
			&why));
		good(sql_script(db, "CREATE TABLE t(n INTEGER)", &why));
		if (settled)
			good(sql_settle(
				db, "/disk/car/a.db.part", FILE_PATH, &why));
		else
			sql_close(db);
		disk_lose("car", LOSS_ALL, 0);
		assert_int_equal(settled - 1, access(FILE_PATH, F_OK));
		sql_remove("/disk/car/a.db.part");
	}
	db = open_db(SQL_EXISTING);
	assert_int_equal(0, count(db));
	sql_close(db);
}

static void
a_disk_can_be_full_busy_read_only_or_broken(void **state)
{
	static const char *const texts[] = {NULL, "the disk is full",
		"read-only", "in use by another", "failed ("};
	struct sql *db = make_db();

	(void)state;
	good(insert(db, 1));
	for (int fault = DISK_FULL; fault <= DISK_BROKEN; fault++) {
		disk_fail("car", (enum disk_fault)fault, 0);
		assert_int_equal(ST_FILE, insert(db, 2));
		assert_non_null(strstr(why.text, texts[fault]));
		disk_fail("car", DISK_FINE, 0);
		assert_int_equal(1, count(db));
	}
	good(insert(db, 2));
	disk_fail("car", DISK_FULL, 3);
	for (int64_t n = 3; insert(db, n) == ST_OK; n++)
		assert_in_range(n, 3, 5);
	disk_fail("car", DISK_FINE, 0);
	good(insert(db, 9));
	sql_close(db);
}

static void
a_copy_goes_its_own_way(void **state)
{
	struct sql *db = make_db(), *copy;
	struct disk_image *image;

	(void)state;
	good(insert(db, 1));
	image = disk_image("car");
	good(insert(db, 2));
	disk_put("thief", image);
	disk_image_free(image);
	good(sql_open(
		"/disk/thief/a.db", SQL_EXISTING, "replica", &copy, &why));
	assert_int_equal(1, count(copy));
	good(insert(copy, 7));
	good(insert(copy, 8));
	assert_int_equal(2, count(db));
	sql_close(copy);
	sql_close(db);
}

/* Wound to every call, the file holds what was committed by then. */
static void
the_tape_gives_every_moment_back(void **state)
{
	struct sql *db = make_db();
	struct disk_tape *tape;
	long after[4], calls;

	(void)state;
	disk_record();
	for (int i = 0; i < 4; i++) {
		good(insert(db, i));
		after[i] = disk_recorded();
	}
	sql_close(db);
	calls = disk_recorded();
	tape = disk_end_tape();
	for (long n = 0; n <= calls; n++) {
		int64_t least = 0;

		disk_wind(tape, n);
		disk_lose("car", LOSS_SOME, (uint64_t)n);
		for (int i = 0; i < 4; i++)
			least += after[i] <= n;
		db = open_db(SQL_EXISTING);
		assert_in_range(count(db), least, least + 1);
		sql_close(db);
	}
	disk_tape_free(tape);
}

#define DISK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DISK_TEST(two_connections_see_each_other),
		DISK_TEST(what_was_committed_survives_the_power),
		DISK_TEST(what_was_not_synced_may_be_gone),
		DISK_TEST(a_killed_program_leaves_what_it_wrote),
		DISK_TEST(names_last_once_their_folder_is_synced),
		DISK_TEST(durable_names_last),
		DISK_TEST(a_closed_file_stands_alone),
		DISK_TEST(a_settled_file_lasts),
		DISK_TEST(a_disk_can_be_full_busy_read_only_or_broken),
		DISK_TEST(a_copy_goes_its_own_way),
		DISK_TEST(the_tape_gives_every_moment_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
