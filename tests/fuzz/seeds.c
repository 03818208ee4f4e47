/*
 * seeds DIR: what fuzzers start from, made of real traffic. DIR/NAME/ gets the
 * seeds of the fuzzer NAME.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/catalog.h"
#include "sync/pack.h"
#include "tests/fuzz/station.h"

static const char *place;
static int made;

static void
put(const char *fuzzer, const uint8_t *lead, size_t lead_len,
	const struct buf *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", place, fuzzer);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%d", place, fuzzer, made++);
	f = fopen(path, "wb");
	NEED(f != NULL);
	NEED(fwrite(lead, 1, lead_len, f) == lead_len);
	NEED(fwrite(buf_text(text), 1, text->len, f) == text->len);
	NEED(fclose(f) == 0);
}

static void
put_text(const char *fuzzer, const char *text)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, text);
	put(fuzzer, NULL, 0, &b);
	buf_release(&b);
}

static void
put_deflated(const char *fuzzer, const uint8_t *lead, size_t lead_len,
	const struct buf *text)
{
	struct packer *p = packer_new(false);
	struct buf packed = BUF_INIT;

	packer_add(p, text->data, text->len, &packed);
	packer_finish(p, &packed);
	packer_free(p);
	put(fuzzer, lead, lead_len, &packed);
	buf_release(&packed);
}

static void
overhear(size_t step, int officer, const struct buf *request,
	const struct buf *answer)
{
	uint8_t lead[2] = {station_byte(step), 64};

	put("fuzz_request", lead, 2, request);
	put_deflated("fuzz_request", lead, 2, request);
	put("fuzz_stream", NULL, 0, request);
	put("fuzz_stream", NULL, 0, answer);
	put("fuzz_pack", lead + 1, 1, request);
	put_deflated("fuzz_pack", lead + 1, 1, answer);
	if (officer == 0) {
		put("fuzz_answer", lead, 2, answer);
		put_deflated("fuzz_answer", lead, 2, answer);
	}
}

static void
put_profiles(void)
{
	static const char *const names[] = {
		"oakland", "sanjose", "lasd", "chicago", "texas"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct buf text = BUF_INIT;
		struct why why;

		NEED(!catalog_profile_text(names[i], &text, &why));
		put("fuzz_text", NULL, 0, &text);
		buf_release(&text);
	}
}

static void
put_words(void)
{
	static const char *const words[] = {"garage", "\"car break-ins\" lot",
		"stage:analysis owner_id:me opened_on:<-30d",
		"in:project -goal: beat_ids:35X", "void:yes title:>=a",
		"in:meeting starts_at:>today kind:council", "x-1",
		"-a -\"b c\"", "opened_on:>=2026-11-22 created_at:<now"};
	static const char splice[] =
		"\x04\x02\x01\x03"
		"abcdA long text about a lake, and more of it than "
		"one would type again.\nA long text about a pond, and more "
		"of it than one would type again.";

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		put_text("fuzz_query", words[i]);
		put_text("fuzz_text", words[i]);
	}
	put_text("fuzz_splice", splice);
	put_text("fuzz_merge", "0aGx!Qb3\xd0kW9n#4ep\xe1?z7Tq2Lm\xf2.s8Rd1Cy");
	put_text("fuzz_geojson",
		"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":"
		"\"Feature\",\"properties\":{\"CP_BEAT\":\"35X\",\"name\":"
		"\"Lake<br>\"},\"geometry\":{\"type\":\"Polygon\","
		"\"coordinates\":[[[-122.28,37.8],[-122.27,37.8],[-122.27,"
		"37.81],[-122.28,37.8]]]}},{\"type\":\"Feature\","
		"\"properties\":{\"CP_BEAT\":\"7Z\"},\"geometry\":{\"type\":"
		"\"MultiPolygon\",\"coordinates\":[[[[1,1],[2,1],[2,2],[1,1]]]"
		"]}},{\"type\":\"Feature\",\"properties\":null,\"geometry\":"
		"null}]}");
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "seeds DIR\n");
		return 2;
	}
	place = argv[1];
	station_listen(overhear);
	station_at(0);
	put_profiles();
	put_words();
	return 0;
}
