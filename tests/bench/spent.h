/* spent.h - time that something took: by the clock, and of the processor
 * (which does not grow when others share the machine). */
#ifndef TESTS_SPENT_H
#define TESTS_SPENT_H

struct spent {
	double wall, cpu; /* seconds */
};
struct spent spent_now(void); /* to be taken off from a later one */
struct spent spent_since(struct spent start);
void spent_add(struct spent *sum, struct spent more);
struct spent spent_less(struct spent all, struct spent part);

#endif
