/* people.h - what people do on their devices. */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include "tests/sim/world.h"

void people_make(struct device *d, struct chance *c);  /* a new record */
void people_child(struct device *d, struct chance *c); /* of another */
void people_edit(struct device *d, struct chance *c);  /* one to three fields */
void people_move(struct device *d, struct chance *c);  /* to other books */
void people_write(struct device *d, struct chance *c); /* inside a long text */
void people_dictate(struct device *d, struct chance *c); /* much, anew */
void people_void(struct device *d, struct chance *c);	 /* or bring back */
void people_settle(struct device *d, struct chance *c);
void people_decide(struct device *d, struct chance *c); /* about a held edit */
void people_undo(struct device *d, struct chance *c);
void people_books(struct device *d, struct chance *c); /* asks for one more */
/* A form is opened now and saved at another time. */
void people_form(struct device *d, struct chance *c);

#endif
