#include "tui/record_chosen.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "tui/beat_rows.h"
#include "tui/done.h"
#include "tui/form.h"
#include "tui/history_view.h"
#include "tui/pick.h"
#include "tui/record_address.h"
#include "tui/record_sections.h"
#include "tui/record_stage.h"
#include "tui/record_timeline.h"
#include "tui/record_view.h"
#include "tui/show.h"

const struct kind *
record_chosen_section(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	const struct catalog *c = replica_catalog(v->app->replica);

	if (row && row->tag == ROW_ADDRESS)
		return &c->kinds[row->index];
	if (!row || row->tag != ROW_SECTION)
		return NULL;
	return catalog_kind(c, rv->rec->kind->sections[row->index]);
}

static void
list_section(struct view *v, const struct kind *k)
{
	struct record_view *rv = v->state;
	struct buf arg = BUF_INIT;

	buf_printf(&arg, "%s ", k->name);
	if (rows_chosen(&rv->page.rows)->tag == ROW_ADDRESS)
		record_address_query(rv->rec, &arg);
	else if (strcmp(rv->kind, BEAT_KIND) == 0 &&
		 strcmp(k->name, "action_item") == 0)
		beat_promises_query(rv->id, &arg);
	else
		record_section_query(k, rv->rec->kind, rv->id, &arg);
	app_act(v->app, ACT_LIST, buf_text(&arg));
	buf_release(&arg);
}

/* One of several that a field names is chosen, to go there. */
static void
fill_named(void *arg, const char *typed, struct choices *out)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct field *f = rv->follow;
	struct buf id = BUF_INIT, label = BUF_INIT;
	size_t at = 0;

	while (rv->rec &&
		value_next(rv->rec->values[f->index].text, &at, &id)) {
		buf_clear(&label);
		show_title(v->app->replica, f->ref_kind, buf_text(&id), &label);
		if (pick_matches(buf_text(&label), typed) ||
			pick_matches(buf_text(&id), typed))
			choices_add(out, buf_text(&id), buf_text(&label));
	}
	buf_release(&label);
	buf_release(&id);
}

static void
named_picked(void *arg, const char *id)
{
	struct view *v = arg;
	struct record_view *rv = v->state;

	record_open(v->app, rv->follow->ref_kind, id);
}

const struct field *
record_names_several(const struct record_view *rv)
{
	const struct row *row = rows_chosen(&rv->page.rows);
	const struct field *f;

	if (!rv->rec || !row || row->tag != ROW_FIELD || row->kind)
		return NULL;
	f = &rv->rec->kind->fields[row->index];
	return f->type == TYPE_REFS && f->ref_kind[0] &&
			       rv->rec->values[f->index].text[0]
		       ? f
		       : NULL;
}

static void
choose_named(struct view *v, const struct field *f)
{
	struct record_view *rv = v->state;

	rv->follow = f;
	pick_open(v->app, &(struct pick_options){.title = "GO TO",
				  .fill = fill_named,
				  .done = named_picked,
				  .arg = v});
}

static void
follow(struct view *v, const struct row *row)
{
	struct app *a = v->app;

	if (show_absent(a->replica, row->kind, row->id)[0])
		app_say(a,
			"%s/%s is not held here: it is another beat's, or "
			"restricted",
			row->kind, row->id);
	else
		record_open(a, row->kind, row->id);
}

void
record_open_chosen(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	const struct kind *section = record_chosen_section(v);
	const struct field *several = record_names_several(rv);

	if (!row || !rv->rec)
		return;
	if (row->kind)
		follow(v, row);
	else if (section)
		list_section(v, section);
	else if (several)
		choose_named(v, several);
	else if (row->tag == ROW_FIELD || row->tag == ROW_LIST)
		app_act(v->app, ACT_EDIT, NULL);
	else
		history_open(v->app, rv->kind, rv->id);
}

/* The row where it is of another record, or NULL. */
static const struct row *
other_row(const struct record_view *rv)
{
	const struct row *row = rows_chosen(&rv->page.rows);

	return rv->rec && row && row->kind && row->tag != ROW_FIELD ? row
								    : NULL;
}

/* Is it about one record at all? */
static bool
is_about_one(enum action a)
{
	return a == ACT_EDIT || a == ACT_VOID || a == ACT_UNVOID ||
	       a == ACT_HISTORY || a == ACT_NOTE || a == ACT_DONE ||
	       a == ACT_STAGE_NEXT;
}

static bool
is_for(enum action a, const struct catalog *c, const struct kind *k)
{
	if (a == ACT_NOTE)
		return k && record_note_kind(c, k);
	if (a == ACT_DONE)
		return done_is_for(k);
	if (a == ACT_STAGE_NEXT)
		return k && record_stages(k);
	return is_about_one(a);
}

bool
record_meant(struct view *v, enum action a, const char **kind, const char **id)
{
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct row *row = other_row(v->state);

	if (!row || !is_for(a, c, catalog_kind(c, row->kind)))
		return false;
	*kind = row->kind;
	*id = row->id;
	return true;
}

bool
record_falls_to_page(struct view *v, enum action a)
{
	const char *kind, *id;

	return is_about_one(a) && other_row(v->state) &&
	       !record_meant(v, a, &kind, &id);
}

void
record_edit_here(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	const char *field = NULL;

	if (row && (row->tag == ROW_FIELD || row->tag == ROW_LIST))
		field = rv->rec->kind->fields[row->index].name;
	form_edit(v->app, rv->kind, rv->id, field);
}
