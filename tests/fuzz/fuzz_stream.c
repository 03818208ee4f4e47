/* Any bytes as a stream of frames, up and down. */
#include <stdlib.h>
#include <string.h>

#include "sync/message.h"
#include "sync/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
read_up(struct coder *c, const char *line, size_t len, int *lines)
{
	struct hello hello = {0};
	struct dated_edit edit = {0};

	if ((*lines)++ == 0) {
		if (!message_get_hello(line, len, &hello, NULL))
			coder_start_up(c, &hello, 47);
		hello_release(&hello);
		return;
	}
	if (message_get_edit(c, line, len, &edit, NULL))
		(*lines)++;
	edit_release(&edit.edit);
}

static void
read_down(struct coder *c, const char *line, size_t len)
{
	struct frame frame = {0};

	if (message_get_frame(c, line, len, &frame, NULL))
		c->seen++;
	frame_release(&frame);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct unpacker *u = unpacker_new((size_t)1 << 20);
	static char token[] = "47.4471.x";
	struct hello hello = {.token = token};
	struct coder up = {0}, down = {0};
	const char *line;
	size_t n;
	int lines = 0;

	coder_start_down(&down, &hello, 1784025060000, 47);
	if (unpacker_add(u, (const char *)bytes, len, NULL))
		lines = 0;
	while ((line = unpacker_line(u, &n))) {
		char *copy = malloc(n + 1);

		if (!copy)
			break;
		memcpy(copy, line, n);
		copy[n] = '\0';
		read_down(&down, copy, n);
		read_up(&up, copy, n, &lines);
		free(copy);
	}
	coder_release(&up);
	coder_release(&down);
	unpacker_free(u);
	return 0;
}
