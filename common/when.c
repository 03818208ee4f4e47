#include "common/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define DAY_MS ((int64_t)86400000)

/* It does not change while a process lives: read once. */
static const char *
boot_id(void)
{
	static char id[BOOT_ID_MAX];
	FILE *f = *id ? NULL : fopen("/proc/sys/kernel/random/boot_id", "r");

	if (!f)
		return id;
	if (fgets(id, sizeof(id), f))
		id[strcspn(id, "\n")] = '\0';
	fclose(f);
	return id;
}

static void
machine_read(struct clock_reading *now)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	now->wall_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	now->boot_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	memcpy(now->boot_id, boot_id(), BOOT_ID_MAX);
}

void
clock_read(const struct clock *c, struct clock_reading *now)
{
	if (c && c->read)
		c->read(c->arg, now);
	else
		machine_read(now);
}

enum status
when_set_zone(const char *name, struct why *why)
{
	char path[256];
	bool odd = !name[0] || name[0] == '/' || name[0] == ':' ||
		   strstr(name, "..") || strlen(name) > 64;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	if (odd || (access(path, R_OK) != 0 && strcmp(name, "UTC") != 0)) {
		setenv("TZ", "UTC", 1);
		tzset();
		return why_set(why, ST_DATA,
			"no time zone '%.64s' on this machine: give an IANA "
			"name such as America/Los_Angeles",
			name);
	}
	setenv("TZ", name, 1);
	tzset();
	return ST_OK;
}

static void
split_ms(int64_t ms, time_t *sec, int *milli)
{
	int64_t s = ms / 1000;
	int64_t m = ms % 1000;

	if (m < 0) {
		m += 1000;
		s--;
	}
	*sec = (time_t)s;
	*milli = (int)m;
}

static void
local_tm(int64_t ms, struct tm *tm)
{
	time_t sec;
	int milli;

	split_ms(ms, &sec, &milli);
	if (!localtime_r(&sec, tm))
		memset(tm, 0, sizeof(*tm));
}

void
when_instant_text(int64_t ms, char out[WHEN_MAX])
{
	struct tm tm;
	time_t sec;
	int milli;

	split_ms(ms, &sec, &milli);
	if (!gmtime_r(&sec, &tm))
		memset(&tm, 0, sizeof(tm));
	strftime(out, WHEN_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + strlen(out), WHEN_MAX - strlen(out), ".%03dZ", milli);
}

void
when_day_text(int64_t ms, char out[WHEN_MAX])
{
	struct tm tm;

	local_tm(ms, &tm);
	strftime(out, WHEN_MAX, "%Y-%m-%d", &tm);
}

void
when_local_text(int64_t ms, char out[WHEN_MAX])
{
	struct tm tm;

	local_tm(ms, &tm);
	strftime(out, WHEN_MAX, "%Y-%m-%d %H:%M", &tm);
}

/* Days since 1970-01-01 of a proleptic Gregorian date. */
static int64_t
day_number(int y, int m, int d)
{
	struct tm tm = {.tm_year = y - 1900, .tm_mon = m - 1, .tm_mday = d};

	return (int64_t)timegm(&tm) / 86400;
}

static bool
digits(const char *s, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

/* A canonical day at s; the ten characters must be a date that exists. */
static bool
parse_ymd(const char *s, int64_t *number)
{
	struct tm back;
	time_t t;
	int y, m, d;

	if (strnlen(s, 10) < 10 || s[4] != '-' || s[7] != '-' ||
		!digits(s, 4, &y) || !digits(s + 5, 2, &m) ||
		!digits(s + 8, 2, &d) || y < 1000)
		return false;
	*number = day_number(y, m, d);
	t = (time_t)(*number * 86400);
	return gmtime_r(&t, &back) && back.tm_mday == d && back.tm_mon == m - 1;
}

bool
when_parse_instant(const char *s, int64_t *ms)
{
	int64_t day;
	int h, m, sec, milli;

	if (strlen(s) != 24 || !parse_ymd(s, &day) || s[10] != 'T' ||
		s[13] != ':' || s[16] != ':' || s[19] != '.' || s[23] != 'Z')
		return false;
	if (!digits(s + 11, 2, &h) || !digits(s + 14, 2, &m) ||
		!digits(s + 17, 2, &sec) || !digits(s + 20, 3, &milli) ||
		h > 23 || m > 59 || sec > 59)
		return false;
	*ms = day * DAY_MS + ((int64_t)h * 3600 + m * 60 + sec) * 1000 + milli;
	return true;
}

static void
number_text(int64_t number, char out[WHEN_MAX])
{
	struct tm tm;
	time_t t = (time_t)(number * 86400);

	gmtime_r(&t, &tm);
	strftime(out, WHEN_MAX, "%Y-%m-%d", &tm);
}

static bool
parse_offset(const char *s, int64_t *days)
{
	char *end;
	long n;

	if ((s[0] != '+' && s[0] != '-') || s[1] < '0' || s[1] > '9')
		return false;
	n = strtol(s, &end, 10);
	if (n > 40000 || n < -40000)
		return false;
	if (strcmp(end, "w") == 0)
		n *= 7;
	else if (strcmp(end, "d") != 0 && *end)
		return false;
	*days = n;
	return true;
}

static bool
parse_weekday(const char *s, int today, int64_t *days)
{
	static const char *const names[] = {"sunday", "monday", "tuesday",
		"wednesday", "thursday", "friday", "saturday"};

	if (strlen(s) < 3)
		return false;
	for (int i = 0; i < 7; i++) {
		if (strncasecmp(names[i], s, strlen(s)) != 0)
			continue;
		*days = (i - today + 6) % 7 + 1;
		return true;
	}
	return false;
}

bool
when_parse_day(const char *s, int64_t now_ms, char out[WHEN_MAX])
{
	char today[WHEN_MAX];
	int64_t number, days;
	struct tm tm;

	if (strlen(s) == 10 && parse_ymd(s, &number)) {
		number_text(number, out);
		return true;
	}
	local_tm(now_ms, &tm);
	if (strcasecmp(s, "today") == 0)
		days = 0;
	else if (strcasecmp(s, "tomorrow") == 0)
		days = 1;
	else if (strcasecmp(s, "yesterday") == 0)
		days = -1;
	else if (!parse_offset(s, &days) &&
		 !parse_weekday(s, tm.tm_wday, &days))
		return false;
	when_day_text(now_ms, today);
	if (!parse_ymd(today, &number))
		return false;
	number_text(number + days, out);
	return true;
}

/* HH:MM or HH:MM:SS. */
static bool
parse_clock(const char *s, struct tm *tm)
{
	size_t len = strlen(s);

	if ((len != 5 && len != 8) || s[2] != ':' || (len == 8 && s[5] != ':'))
		return false;
	tm->tm_sec = 0;
	return digits(s, 2, &tm->tm_hour) && digits(s + 3, 2, &tm->tm_min) &&
	       (len == 5 || digits(s + 6, 2, &tm->tm_sec)) &&
	       tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

bool
when_parse_local(const char *s, int64_t now_ms, int64_t *ms)
{
	char day[WHEN_MAX], head[WHEN_MAX];
	const char *gap = strrchr(s, ' ');
	struct tm tm = {0};
	int y, m, d;

	if (when_parse_instant(s, ms))
		return true;
	if (strcasecmp(s, "now") == 0) {
		*ms = now_ms;
		return true;
	}
	if (!gap) /* not the T of Tuesday, which a blank follows */
		gap = strrchr(s, 'T');
	if (parse_clock(s, &tm)) {
		when_day_text(now_ms, day);
	} else {
		if (!gap || (size_t)(gap - s) >= sizeof(head) ||
			!parse_clock(gap + 1, &tm))
			return false;
		memcpy(head, s, (size_t)(gap - s));
		head[gap - s] = '\0';
		if (!when_parse_day(head, now_ms, day))
			return false;
	}
	if (!digits(day, 4, &y) || !digits(day + 5, 2, &m) ||
		!digits(day + 8, 2, &d))
		return false;
	tm.tm_year = y - 1900;
	tm.tm_mon = m - 1;
	tm.tm_mday = d;
	tm.tm_isdst = -1;
	*ms = (int64_t)mktime(&tm) * 1000;
	return true;
}

bool
when_day_bounds(const char *day, int64_t *start, int64_t *end)
{
	char midnight[WHEN_MAX + 8], next[WHEN_MAX];
	int64_t number;

	if (!parse_ymd(day, &number))
		return false;
	snprintf(midnight, sizeof(midnight), "%.10s 00:00", day);
	if (!when_parse_local(midnight, 0, start))
		return false;
	number_text(number + 1, next);
	snprintf(midnight, sizeof(midnight), "%.10s 00:00", next);
	return when_parse_local(midnight, 0, end);
}

bool
when_days_between(const char *a, const char *b, long *days)
{
	int64_t x, y;

	if (!parse_ymd(a, &x) || !parse_ymd(b, &y))
		return false;
	*days = (long)(y - x);
	return true;
}
