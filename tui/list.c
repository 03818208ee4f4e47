#include "tui/list.h"

bool
list_act(struct list *l, enum action a)
{
	size_t page = l->rows > 1 ? (size_t)l->rows - 1 : 1;
	size_t last = l->count ? l->count - 1 : 0;

	switch (a) {
	case ACT_UP:
		l->chosen -= l->chosen > 0;
		return true;
	case ACT_DOWN:
		l->chosen += l->chosen < last;
		return true;
	case ACT_PAGE_UP:
		l->chosen -= l->chosen < page ? l->chosen : page;
		l->top -= l->top < page ? l->top : page;
		return true;
	case ACT_PAGE_DOWN:
		l->chosen += last - l->chosen < page ? last - l->chosen : page;
		l->top += page;
		return true;
	case ACT_FIRST:
		l->chosen = 0;
		return true;
	case ACT_LAST:
		l->chosen = last;
		return true;
	default:
		return false;
	}
}

void
list_set_count(struct list *l, size_t count)
{
	l->count = count;
	if (l->chosen >= count)
		l->chosen = count ? count - 1 : 0;
}

/* Where the row that was at `was` is now; count: it is gone. */
static size_t
place_of(size_t was, size_t count, list_same *same, const void *arg)
{
	size_t now = 0;

	while (now < count && !same(arg, was, now))
		now++;
	return now;
}

bool
list_follow(struct list *l, size_t count, list_same *same, const void *arg)
{
	size_t old = l->count, chosen = l->chosen, now = count;

	for (size_t i = chosen; i < old && now == count; i++)
		now = place_of(i, count, same, arg);
	for (size_t i = chosen; i-- > 0 && now == count;)
		now = place_of(i, count, same, arg);
	list_set_count(l, count);
	if (now == count)
		return !old;
	l->chosen = now;
	return same(arg, chosen, now);
}

void
list_fit(struct list *l, int rows)
{
	size_t page = rows > 0 ? (size_t)rows : 1;

	l->rows = rows;
	if (l->top + page > l->count)
		l->top = l->count > page ? l->count - page : 0;
	if (l->chosen < l->top)
		l->top = l->chosen;
	if (l->chosen >= l->top + page)
		l->top = l->chosen - page + 1;
}

bool
list_step(struct list *l, int by)
{
	size_t was = l->chosen;

	list_act(l, by > 0 ? ACT_DOWN : ACT_UP);
	return l->chosen != was;
}
