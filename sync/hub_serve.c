#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sync/hub_commands.h"
#include "sync/hub_hold.h"
#include "sync/hub_http.h"
#include "sync/hub_listen.h"

#define RATE_MAX 1000000

/* A descriptor that can be read once SIGTERM or SIGINT came. */
static enum status
stop_signals(int *fd, struct why *why)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	*fd = -1;
	if (sigprocmask(SIG_BLOCK, &stop, NULL) == 0)
		*fd = signalfd(-1, &stop, SFD_CLOEXEC);
	if (*fd < 0)
		return why_set(why, ST_FILE,
			"signals cannot be waited for: "
			"look at the limit of open files");
	return ST_OK;
}

static enum status
serve(struct hub_context *c, struct hub *h, const struct hub_http_options *o,
	int stop, struct why *why)
{
	struct hub_http *s;
	enum status st = hub_http_new(h, o, &s, why);

	if (st)
		return st;
	buf_printf(&c->out, "listening on %s\n", hub_http_address(s));
	st = hub_context_flush(c, why);
	if (!st)
		st = hub_http_run(s, stop, why);
	hub_http_free(s);
	return st;
}

static enum status
tell_authority(struct hub *h, const char *file, struct why *why)
{
	struct buf pem = BUF_INIT;
	enum status st = listen_read_pem(file, "authority", &pem, why);

	if (!st)
		hub_set_authority(h, buf_text(&pem));
	buf_release(&pem);
	return st;
}

static enum status
read_rate(const char *text, int *out, struct why *why)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > RATE_MAX)
		return why_set(why, ST_USAGE,
			"--rate '%.40s' is no number of requests: give how "
			"many a replica may send in a minute, 1 to %d",
			text, RATE_MAX);
	*out = (int)n;
	return ST_OK;
}

enum status
hub_command_serve(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	struct hub_http_options o = {.address = "127.0.0.1:8440"};
	const char *rate = NULL, *ca = NULL;
	const struct option_word known[] = {{"--listen", &o.address, NULL},
		{"--tls-cert", &o.cert_file, NULL},
		{"--tls-key", &o.key_file, NULL},
		{"--plain-on-any-address", NULL, &o.plain_on_any_address},
		{"--rate", &rate, NULL}, {"--tls-ca", &ca, NULL},
		{NULL, NULL, NULL}};
	struct hub *h = NULL;
	int stop = -1, held = -1;
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "serve with options alone", why);
	if (!st && !o.cert_file != !o.key_file)
		st = why_set(why, ST_USAGE,
			"--tls-cert and --tls-key belong together: give both");
	if (!st && rate)
		st = read_rate(rate, &o.a_minute, why);
	if (!st)
		st = stop_signals(&stop, why);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = hub_hold(c->place, &held, why);
	if (!st && ca)
		st = tell_authority(h, ca, why);
	if (!st)
		st = serve(c, h, &o, stop, why);
	hub_close(h);
	if (held >= 0)
		close(held);
	if (stop >= 0)
		close(stop);
	return st;
}
