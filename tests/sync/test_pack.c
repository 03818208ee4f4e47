/* Streams: packed and unpacked, and what hostile ones come to. */
#include "sync/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "sync/message.h"
#include "tests/support/good.h"

/* Lines that deflate badly, so that bytes are bytes. */
static void
make_line(unsigned i, char out[80])
{
	struct digest d;
	const struct digest_part part = {&i, sizeof(i)};
	char text[BASE64_SIZE(DIGEST_SIZE)];

	digest_parts(&part, 1, &d);
	base64_encode(d.bytes, DIGEST_SIZE, text);
	snprintf(out, 80, "{\"s\":%u,\"f\":\"%s\"}\n", i, text);
}

static void
pack_lines(unsigned count, bool plain, struct buf *out)
{
	struct packer *p = packer_new(plain);
	char line[80];

	for (unsigned i = 0; i < count; i++) {
		make_line(i, line);
		packer_add(p, line, strlen(line), out);
		if (packer_pending(p) >= PACK_FLUSH_BYTES)
			packer_flush(p, out);
	}
	packer_finish(p, out);
	packer_free(p);
}

/* Lines that can be read, which must be the first ones, in order. */
static unsigned
read_lines(struct unpacker *u, unsigned from)
{
	const char *got;
	char line[80];
	size_t len;

	while ((got = unpacker_line(u, &len))) {
		make_line(from++, line);
		assert_int_equal(len + 1, strlen(line));
		assert_memory_equal(got, line, len);
	}
	return from;
}

static void
check_pieces(unsigned count, bool plain, size_t piece)
{
	struct unpacker *u = unpacker_new(REQUEST_MAX);
	struct buf b = BUF_INIT;
	unsigned lines = 0;

	pack_lines(count, plain, &b);
	for (size_t at = 0; at < b.len; at += piece) {
		size_t len = b.len - at < piece ? b.len - at : piece;

		assert_int_equal(unpacker_add(u, b.data + at, len, &why), 0);
		lines = read_lines(u, lines);
	}
	assert_int_equal(lines, count);
	assert_int_equal(unpacker_plain(u), plain);
	assert_true(unpacker_ended(u));
	unpacker_free(u);
	buf_release(&b);
}

static void
goes_round_in_pieces_of_any_size(void **state)
{
	static const size_t sizes[] = {1, 2, 7, 1000, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		check_pieces(200, false, sizes[i]);
		check_pieces(200, true, sizes[i]);
	}
}

/* From some length on it is deflated in less time. */
static void
a_long_stream_goes_round(void **state)
{
	(void)state;
	check_pieces(20000, false, 65536);
	check_pieces(20000, true, 65536);
}

static void
names_the_dictionary(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	pack_lines(1, false, &b);
	assert_int_equal((unsigned char)b.data[0] & 0x0f, Z_DEFLATED);
	assert_true((unsigned char)b.data[1] & 0x20); /* FDICT */
	buf_release(&b);
}

/* A break loses no more than about the bytes between two flushes. */
static void
is_readable_where_it_breaks(void **state)
{
	struct buf b = BUF_INIT, all = BUF_INIT;
	unsigned last = 0;

	(void)state;
	pack_lines(1000, false, &b);
	pack_lines(1000, true, &all);
	for (size_t cut = 0; cut <= b.len; cut += 512) {
		struct unpacker *u = unpacker_new(REQUEST_MAX);
		unsigned lines;

		assert_int_equal(unpacker_add(u, b.data, cut, &why), 0);
		lines = read_lines(u, 0);
		assert_true(lines >= last);
		assert_true(
			lines * (b.len / 1000) + 3 * PACK_FLUSH_BYTES >= cut);
		assert_false(unpacker_ended(u));
		last = lines;
		unpacker_free(u);
	}
	assert_true(last > 900);
	buf_release(&all);
	buf_release(&b);
}

static void
keeps_lines_before_a_fault(void **state)
{
	struct unpacker *u = unpacker_new(REQUEST_MAX);
	struct packer *p = packer_new(false);
	struct buf b = BUF_INIT;
	char line[80];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		make_line(i, line);
		packer_add(p, line, strlen(line), &b);
	}
	packer_flush(p, &b);
	buf_puts(&b, "\x07"); /* a block of a kind that does not exist */
	assert_int_equal(unpacker_add(u, b.data, b.len, &why), ST_DATA);
	assert_int_equal(read_lines(u, 0), 100);
	assert_int_equal(unpacker_add(u, "{}\n", 3, &why), ST_DATA);
	assert_false(unpacker_ended(u));
	packer_free(p);
	unpacker_free(u);
	buf_release(&b);
}

static void
deflate_zeros(size_t len, const char *dict, struct buf *out)
{
	char chunk[4096], zeros[4096];
	z_stream z = {0};
	int end;

	memset(zeros, '0', sizeof(zeros));
	assert_int_equal(deflateInit(&z, 9), Z_OK);
	if (dict)
		deflateSetDictionary(
			&z, (const Bytef *)dict, (uInt)strlen(dict));
	do {
		z.next_in = (Bytef *)zeros;
		z.avail_in = (uInt)(len < sizeof(zeros) ? len : sizeof(zeros));
		len -= z.avail_in;
		do {
			z.next_out = (Bytef *)chunk;
			z.avail_out = sizeof(chunk);
			end = deflate(&z, len ? Z_NO_FLUSH : Z_FINISH);
			buf_add(out, chunk, sizeof(chunk) - z.avail_out);
		} while (z.avail_out == 0);
	} while (end != Z_STREAM_END);
	deflateEnd(&z);
}

static void
stops_a_bomb(void **state)
{
	struct unpacker *u = unpacker_new(REQUEST_MAX);
	struct buf b = BUF_INIT;
	size_t len;

	(void)state;
	deflate_zeros((size_t)256 << 20, NULL, &b);
	assert_true(b.len < (1 << 20));
	assert_int_equal(unpacker_add(u, b.data, b.len, &why), ST_DATA);
	assert_non_null(strstr(why.text, "too long"));
	assert_null(unpacker_line(u, &len));
	unpacker_free(u);
	buf_release(&b);
}

static void
stops_at_its_maximum(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	pack_lines(100, false, &b);
	for (size_t max = 0; max < 1000; max += 37) {
		struct unpacker *u = unpacker_new(max ? max : 1);

		assert_int_equal(unpacker_add(u, b.data, b.len, &why), ST_DATA);
		assert_non_null(strstr(why.text, "larger"));
		assert_in_range(read_lines(u, 0), 0, max / 50);
		unpacker_free(u);
	}
	buf_release(&b);
}

static void
bounds_a_line(void **state)
{
	struct buf line = BUF_INIT;

	(void)state;
	buf_putc(&line, '{');
	while (line.len < FRAME_MAX)
		buf_putc(&line, 'x');
	for (int extra = 0; extra < 2; extra++) {
		struct unpacker *u = unpacker_new(REQUEST_MAX);
		enum status st;
		size_t len;

		buf_puts(&line, extra ? "x\n" : "\n");
		st = unpacker_add(u, line.data, line.len, &why);
		assert_int_equal(st, extra ? ST_DATA : ST_OK);
		assert_int_equal(unpacker_line(u, &len) != NULL, !extra);
		buf_cut(&line, FRAME_MAX);
		unpacker_free(u);
	}
	buf_release(&line);
}

static void
check_refused(const char *bytes, size_t len, const char *what)
{
	struct unpacker *u = unpacker_new(REQUEST_MAX);

	assert_int_equal(unpacker_add(u, bytes, len, &why), ST_DATA);
	assert_non_null(strstr(why.text, what));
	assert_false(unpacker_ended(u));
	unpacker_free(u);
}

static void
refuses_what_is_no_stream(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	check_refused("<html><body>", 12, "cannot be inflated");
	check_refused("\x1f\x8b\x08\0\0\0\0\0", 8, "cannot be inflated");
	deflate_zeros(100, "another dictionary", &b);
	check_refused(b.data, b.len, "another dictionary");
	buf_clear(&b);
	pack_lines(3, false, &b);
	buf_puts(&b, "more");
	check_refused(b.data, b.len, "after its end");
	buf_release(&b);
}

/* A short request is small: the dictionary has its words. */
static void
makes_a_short_request_small(void **state)
{
	static const char hello[] =
		"{\"v\":1,\"t\":\"47.4471.\",\"n\":412,\"h\":\"\","
		"\"c\":[\"\",51234,\"\"],\"b\":\"\",\"p\":\"\","
		"\"w\":1784025060000,\"k\":83412345,\"i\":\"\"}\n";
	struct packer *p = packer_new(false);
	struct buf b = BUF_INIT;

	(void)state;
	packer_add(p, hello, strlen(hello), &b);
	packer_finish(p, &b);
	assert_in_range(b.len, 1, 75);
	packer_free(p);
	buf_release(&b);
}

static void
takes_nothing_calmly(void **state)
{
	struct unpacker *u = unpacker_new(REQUEST_MAX);
	size_t len;

	(void)state;
	assert_int_equal(unpacker_add(u, "", 0, &why), 0);
	assert_null(unpacker_line(u, &len));
	assert_false(unpacker_ended(u));
	unpacker_free(u);
	unpacker_free(NULL);
	packer_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_round_in_pieces_of_any_size),
		cmocka_unit_test(a_long_stream_goes_round),
		cmocka_unit_test(names_the_dictionary),
		cmocka_unit_test(is_readable_where_it_breaks),
		cmocka_unit_test(keeps_lines_before_a_fault),
		cmocka_unit_test(stops_a_bomb),
		cmocka_unit_test(stops_at_its_maximum),
		cmocka_unit_test(bounds_a_line),
		cmocka_unit_test(refuses_what_is_no_stream),
		cmocka_unit_test(makes_a_short_request_small),
		cmocka_unit_test(takes_nothing_calmly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
