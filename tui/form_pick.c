#include <string.h>

#include "common/query.h"
#include "common/value.h"
#include "tui/form_state.h"
#include "tui/pick.h"
#include "tui/show.h"

#define FOUND_MAX 50 /* records offered for a ref */

static void
offer(struct choices *out, struct replica *r, const char *kind, const char *id,
	bool with_kind)
{
	struct buf label = BUF_INIT, value = BUF_INIT;
	const struct kind *k = catalog_kind(replica_catalog(r), kind);

	show_title(r, kind, id, &label);
	buf_printf(&label, "  %s%s%s", with_kind && k ? k->one : "",
		with_kind ? " " : "", id);
	if (with_kind)
		buf_printf(&value, "%s/", kind);
	buf_puts(&value, id);
	choices_add(out, buf_text(&value), buf_text(&label));
	buf_release(&label);
	buf_release(&value);
}

static void
offer_of_kind(struct replica *r, const char *kind, const char *typed,
	const char *offered, struct choices *out)
{
	struct query q = {kind, typed, NULL, FOUND_MAX};
	struct names ids = {0};
	struct why why;

	if (!query_ids(r, &q, &ids, &why))
		for (size_t i = 0; i < ids.count; i++)
			if (typed[0] || strcmp(ids.items[i], offered) != 0)
				offer(out, r, kind, ids.items[i], false);
	names_release(&ids);
}

static void
offer_any(struct replica *r, const char *typed, struct choices *out)
{
	struct finds found = {0};
	struct why why;

	if (typed[0] && !query_find(r, typed, FOUND_MAX, &found, &why))
		for (size_t i = 0; i < found.count; i++)
			offer(out, r, found.items[i].kind, found.items[i].id,
				true);
	finds_release(&found);
}

/* The record the field points to now comes before all others. */
static void
offer_now(struct replica *r, const struct field *f, const char *now,
	struct choices *out)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	if (f->ref_kind[0])
		offer(out, r, f->ref_kind, now, false);
	else if (record_name_split(now, kind, &id))
		offer(out, r, kind, id, true);
}

static void
offer_choices(const struct field *f, const char *typed, struct choices *out)
{
	size_t count;
	const struct choice *c = input_choices(f, &count);

	for (size_t i = 0; i < count; i++)
		if (pick_matches(c[i].label, typed) ||
			pick_matches(c[i].value, typed))
			choices_add(out, c[i].value, c[i].label);
}

static void
fill_pick(void *arg, const char *typed, struct choices *out)
{
	struct view *v = arg;
	const struct field *f = form_focused(v)->field;
	const char *now = text_get(&form_focused(v)->text);
	bool several = f->type == TYPE_SET || f->type == TYPE_REFS;

	if (!f->required && !several && !typed[0])
		choices_add(out, "", "- none -");
	if (!input_is_ref(f)) {
		offer_choices(f, typed, out);
		return;
	}
	if (!typed[0] && !several && now[0])
		offer_now(v->app->replica, f, now, out);
	if (f->ref_kind[0])
		offer_of_kind(v->app->replica, f->ref_kind, typed,
			several ? "" : now, out);
	else
		offer_any(v->app->replica, typed, out);
}

void
form_choices(struct view *v, const char *typed, struct choices *out)
{
	fill_pick(v, typed, out);
	if (typed[0])
		choices_sort(out, typed);
}

static void
picked(void *arg, const char *value)
{
	struct view *v = arg;

	text_replace(&form_focused(v)->text, value);
	form_touched(v);
}

void
form_pick(struct view *v, const char *typed)
{
	const struct input *in = form_focused(v);
	struct pick_options o = {
		.title = in->field->label,
		.fill = fill_pick,
		.done = picked,
		.arg = v,
		.several = in->field->type == TYPE_SET ||
			   in->field->type == TYPE_REFS,
		.chosen = text_get(&in->text),
		.typed = typed,
	};

	pick_open(v->app, &o);
}
