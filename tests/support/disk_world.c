#include "tests/support/disk_world.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

#define SECTOR ((size_t)512)

/* Bytes. */

static void
bytes_resize(struct disk_bytes *b, size_t len)
{
	if (len > b->cap) {
		b->cap = len > b->cap * 2 ? len : b->cap * 2;
		b->data = mem_grow(b->data, b->cap, 1);
	}
	if (len > b->len)
		memset(b->data + b->len, 0, len - b->len);
	b->len = len;
}

static void
bytes_write(struct disk_bytes *b, size_t at, const uint8_t *bytes, size_t len)
{
	if (at + len > b->len)
		bytes_resize(b, at + len);
	if (len)
		memcpy(b->data + at, bytes, len);
}

static void
bytes_copy(struct disk_bytes *to, const struct disk_bytes *from)
{
	bytes_resize(to, 0);
	bytes_write(to, 0, from->data, from->len);
}

static void
bytes_change(struct disk_bytes *b, const struct disk_change *c)
{
	if (c->bytes)
		bytes_write(b, c->at, c->bytes, c->len);
	else
		bytes_resize(b, c->at);
}

/* Files. */

static void
forget_changes(struct disk_file *f)
{
	for (size_t i = 0; i < f->change_count; i++)
		free(f->changes[i].bytes);
	f->change_count = 0;
}

static void
file_free(struct disk_file *f)
{
	if (!f)
		return;
	forget_changes(f);
	free(f->changes);
	free(f->now.data);
	free(f->kept.data);
	free(f->path);
	for (size_t i = 0; i < f->region_count; i++)
		free(f->shared_memory[i]);
	free(f->shared_memory);
	free(f);
}

static void
add_change(struct disk_file *f, const struct disk_change *c)
{
	struct disk_change own = *c;

	if (c->bytes) {
		own.bytes = mem_alloc(c->len + 1);
		memcpy(own.bytes, c->bytes, c->len);
	}
	MEM_ROOM(f->changes, f->change_count, f->change_cap);
	f->changes[f->change_count++] = own;
}

static void
change_file(struct disk_file *f, const struct disk_change *c)
{
	if (!f)
		return;
	bytes_change(&f->now, c);
	add_change(f, c);
}

static void
sync_file(struct disk_file *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->change_count; i++)
		bytes_change(&f->kept, &f->changes[i]);
	forget_changes(f);
}

static struct disk_file *
file_copy(const struct disk_file *f)
{
	struct disk_file *copy = mem_alloc(sizeof(*copy));

	copy->number = f->number;
	copy->path = mem_text(f->path);
	copy->folder = f->folder;
	bytes_copy(&copy->now, &f->now);
	bytes_copy(&copy->kept, &f->kept);
	for (size_t i = 0; i < f->change_count; i++)
		add_change(copy, &f->changes[i]);
	return copy;
}

static struct disk_file *
place_file(struct disk_world *w, struct disk_file *f, unsigned number)
{
	while (w->file_count <= number) {
		MEM_ROOM(w->files, w->file_count, w->file_cap);
		w->files[w->file_count++] = NULL;
	}
	f->number = number;
	w->files[number] = f;
	return f;
}

struct disk_file *
world_file(const struct disk_world *w, unsigned number)
{
	return number < w->file_count ? w->files[number] : NULL;
}

/* Names. */

static struct disk_name *
find_name(const struct disk_names *n, const char *path)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->items[i].path, path) == 0)
			return &n->items[i];
	return NULL;
}

static void
drop_name(struct disk_names *n, struct disk_name *name)
{
	if (!name)
		return;
	free(name->path);
	*name = n->items[--n->count];
}

static void
set_name(struct disk_names *n, const char *path, unsigned file)
{
	drop_name(n, find_name(n, path));
	MEM_ROOM(n->items, n->count, n->cap);
	n->items[n->count++] = (struct disk_name){mem_text(path), file};
}

static void
apply_entry(struct disk_names *n, const struct disk_entry *e)
{
	if (e->old)
		drop_name(n, find_name(n, e->old));
	if (e->file == DISK_NONE)
		drop_name(n, find_name(n, e->path));
	else
		set_name(n, e->path, e->file);
}

static void
free_entry(struct disk_world *w, size_t i)
{
	free(w->entries[i].path);
	free(w->entries[i].old);
	w->entry_count--;
	memmove(w->entries + i, w->entries + i + 1,
		(w->entry_count - i) * sizeof(*w->entries));
}

static void
add_entry(
	struct disk_world *w, const char *path, const char *old, unsigned file)
{
	struct disk_entry e = {mem_text(path), mem_text(old), file};

	apply_entry(&w->now, &e);
	MEM_ROOM(w->entries, w->entry_count, w->entry_cap);
	w->entries[w->entry_count++] = e;
}

static bool
in_folder(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/' &&
	       !strchr(path + len + 1, '/');
}

static void
sync_folder(struct disk_world *w, const char *folder)
{
	for (size_t i = 0; i < w->entry_count;) {
		if (!in_folder(w->entries[i].path, folder)) {
			i++;
			continue;
		}
		apply_entry(&w->kept, &w->entries[i]);
		free_entry(w, i);
	}
}

struct disk_file *
world_find(const struct disk_world *w, const char *path)
{
	struct disk_name *n = find_name(&w->now, path);

	return n ? world_file(w, n->file) : NULL;
}

/* Worlds. */

bool
disk_holds(const char *disk, const char *path)
{
	size_t root = strlen(DISK_ROOT), len = strlen(disk);

	return strncmp(path, DISK_ROOT, root) == 0 &&
	       strncmp(path + root, disk, len) == 0 &&
	       (path[root + len] == '/' || path[root + len] == '\0');
}

static void
release_names(struct disk_names *n)
{
	while (n->count)
		drop_name(n, &n->items[n->count - 1]);
	free(n->items);
}

void
world_release(struct disk_world *w)
{
	for (size_t i = 0; i < w->file_count; i++)
		file_free(w->files[i]);
	free(w->files);
	release_names(&w->now);
	release_names(&w->kept);
	while (w->entry_count)
		free_entry(w, w->entry_count - 1);
	free(w->entries);
	memset(w, 0, sizeof(*w));
}

static void
take_names(struct disk_names *to, const char *disk,
	const struct disk_names *from, const unsigned *number)
{
	for (size_t i = 0; i < from->count; i++)
		if (!disk || disk_holds(disk, from->items[i].path))
			set_name(to, from->items[i].path,
				number[from->items[i].file]);
}

static void
take_entries(struct disk_world *w, const char *disk,
	const struct disk_world *from, const unsigned *number)
{
	for (size_t i = 0; i < from->entry_count; i++) {
		const struct disk_entry *e = &from->entries[i];

		if (disk && !disk_holds(disk, e->path))
			continue;
		MEM_ROOM(w->entries, w->entry_count, w->entry_cap);
		w->entries[w->entry_count++] = (struct disk_entry){
			mem_text(e->path), mem_text(e->old), number[e->file]};
	}
}

/* What is taken of one disk alone gets numbers that are free here. */
static void
take_all(struct disk_world *w, const char *disk, const struct disk_world *from)
{
	unsigned *number = mem_alloc((from->file_count + 1) * sizeof(*number));
	unsigned next = w->file_count ? (unsigned)w->file_count : 1;

	for (size_t i = 0; i < from->file_count; i++) {
		const struct disk_file *f = from->files[i];

		if (!f || (disk && !disk_holds(disk, f->path)))
			continue;
		number[i] = disk ? next++ : (unsigned)i;
		place_file(w, file_copy(f), number[i]);
	}
	take_names(&w->now, disk, &from->now, number);
	take_names(&w->kept, disk, &from->kept, number);
	take_entries(w, disk, from, number);
	free(number);
}

void
world_copy(const struct disk_world *from, struct disk_world *to)
{
	memset(to, 0, sizeof(*to));
	take_all(to, NULL, from);
}

static void
drop_names(struct disk_names *n, const char *disk)
{
	for (size_t i = n->count; i-- > 0;)
		if (disk_holds(disk, n->items[i].path))
			drop_name(n, &n->items[i]);
}

void
world_drop_disk(struct disk_world *w, const char *disk)
{
	drop_names(&w->now, disk);
	drop_names(&w->kept, disk);
	for (size_t i = w->entry_count; i-- > 0;)
		if (disk_holds(disk, w->entries[i].path))
			free_entry(w, i);
	world_collect(w);
}

void
world_take_disk(
	struct disk_world *w, const char *disk, const struct disk_world *from)
{
	world_drop_disk(w, disk);
	take_all(w, disk, from);
}

bool
world_in_use(const struct disk_world *w, const char *disk)
{
	for (size_t i = 0; i < w->file_count; i++)
		if (w->files[i] && w->files[i]->handles &&
			(!disk || disk_holds(disk, w->files[i]->path)))
			return true;
	return false;
}

static bool
is_named(const struct disk_world *w, unsigned file)
{
	for (size_t i = 0; i < w->now.count; i++)
		if (w->now.items[i].file == file)
			return true;
	for (size_t i = 0; i < w->kept.count; i++)
		if (w->kept.items[i].file == file)
			return true;
	for (size_t i = 0; i < w->entry_count; i++)
		if (w->entries[i].file == file)
			return true;
	return false;
}

void
world_collect(struct disk_world *w)
{
	for (unsigned i = 0; i < w->file_count; i++) {
		struct disk_file *f = w->files[i];

		if (!f || f->handles || is_named(w, i))
			continue;
		file_free(f);
		w->files[i] = NULL;
	}
	while (w->file_count && !w->files[w->file_count - 1])
		w->file_count--;
}

/* FNV-1a, eight bytes at a time. */
static uint64_t
hash_more(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i += 8) {
		uint64_t part = 0;

		memcpy(&part, p + i, len - i < 8 ? len - i : 8);
		hash = (hash ^ part) * UINT64_C(1099511628211);
		hash ^= hash >> 29;
	}
	return hash;
}

/* The order of names is not part of it, nor what is in files that nobody will
 * read: those that broke off before they had their name. */
uint64_t
world_hash(const struct disk_world *w, const char *disk)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < w->now.count; i++) {
		const struct disk_name *n = &w->now.items[i];
		const struct disk_bytes *b = &world_file(w, n->file)->now;
		uint64_t hash = UINT64_C(14695981039346656037);

		if (!disk_holds(disk, n->path))
			continue;
		hash = hash_more(hash, n->path, strlen(n->path));
		sum += strstr(n->path, ".part")
			       ? hash + (b->len > 0)
			       : hash_more(hash, b->data, b->len);
	}
	return sum;
}

static void
make_file(struct disk_world *w, const struct disk_call *c)
{
	struct disk_file *f = mem_alloc(sizeof(*f));

	f->path = mem_text(c->path);
	f->folder = c->kind == CALL_MAKE_FOLDER;
	place_file(w, f, c->file);
	add_entry(w, c->path, NULL, c->file);
}

void
world_apply(struct disk_world *w, const struct disk_call *c)
{
	struct disk_change change = {c->at, c->len, NULL};
	struct disk_name *from;

	switch (c->kind) {
	case CALL_MAKE:
	case CALL_MAKE_FOLDER:
		make_file(w, c);
		break;
	case CALL_WRITE:
		change.bytes = c->bytes;
		change_file(world_file(w, c->file), &change);
		break;
	case CALL_CUT:
		change_file(world_file(w, c->file), &change);
		break;
	case CALL_SYNC:
		sync_file(world_file(w, c->file));
		break;
	case CALL_REMOVE:
		add_entry(w, c->path, NULL, DISK_NONE);
		world_collect(w);
		break;
	case CALL_RENAME:
		from = find_name(&w->now, c->path);
		add_entry(w, c->to, c->path, from->file);
		break;
	case CALL_SYNC_FOLDER:
		sync_folder(w, c->path);
		world_collect(w);
		break;
	}
}

/* Power. */

struct chance {
	uint64_t state;
	unsigned keep; /* of 100 */
};

static unsigned
draw(struct chance *c, unsigned below)
{
	uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % below);
}

static bool
is_kept(struct chance *c)
{
	return draw(c, 100) < c->keep;
}

/* A write comes down sector by sector, each as it may. */
static void
keep_some(struct disk_bytes *b, const struct disk_change *c,
	struct chance *chance)
{
	for (size_t done = 0; done < c->len;) {
		size_t n = SECTOR - (c->at + done) % SECTOR;

		if (n > c->len - done)
			n = c->len - done;
		if (is_kept(chance))
			bytes_write(b, c->at + done, c->bytes + done, n);
		else if (draw(chance, 3) == 0)
			bytes_write(b, c->at + done, c->bytes + done,
				draw(chance, (unsigned)n));
		done += n;
	}
}

static void
lose_in_file(struct disk_file *f, struct chance *chance)
{
	for (size_t i = 0; i < f->change_count; i++) {
		const struct disk_change *c = &f->changes[i];

		if (c->bytes)
			keep_some(&f->kept, c, chance);
		else if (is_kept(chance))
			bytes_change(&f->kept, c);
	}
	forget_changes(f);
	bytes_copy(&f->now, &f->kept);
}

/* A name whose folder is not there cannot be reached. */
static bool
has_folder(const struct disk_names *n, const char *path)
{
	char *folder = mem_text(path);
	bool found;

	*strrchr(folder, '/') = '\0';
	found = strlen(folder) < strlen(DISK_ROOT) || find_name(n, folder);
	free(folder);
	return found;
}

static void
drop_unreached(struct disk_names *n)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = n->count; i-- > 0;)
			if (!has_folder(n, n->items[i].path)) {
				drop_name(n, &n->items[i]);
				again = true;
			}
	}
}

void
world_lose(struct disk_world *w, const char *disk, enum disk_loss loss,
	uint64_t seed)
{
	struct chance chance = {seed, 0};
	static const unsigned keeps[] = {15, 50, 85, 98};

	if (loss == LOSS_NONE)
		return;
	if (loss == LOSS_SOME)
		chance.keep = keeps[draw(&chance, 4)];
	for (size_t i = 0; i < w->entry_count;) {
		if (!disk_holds(disk, w->entries[i].path)) {
			i++;
			continue;
		}
		if (is_kept(&chance))
			apply_entry(&w->kept, &w->entries[i]);
		free_entry(w, i);
	}
	drop_unreached(&w->kept);
	drop_names(&w->now, disk);
	for (size_t i = 0; i < w->kept.count; i++)
		if (disk_holds(disk, w->kept.items[i].path))
			set_name(&w->now, w->kept.items[i].path,
				w->kept.items[i].file);
	for (size_t i = 0; i < w->file_count; i++)
		if (w->files[i] && disk_holds(disk, w->files[i]->path))
			lose_in_file(w->files[i], &chance);
	world_collect(w);
}
