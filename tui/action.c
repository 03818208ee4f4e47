#include "tui/action.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned contexts;
	const char *brief, *help;
} actions[] = {
#define X(id, name, contexts, brief, help) {name, contexts, brief, help},
	ACTIONS(X)
#undef X
};

static const struct {
	const char *name;
	enum context wider;
} contexts[] = {
#define X(id, name, wider) {name, CTX_##wider},
	CONTEXTS(X)
#undef X
};

const char *
action_name(enum action a)
{
	return actions[a].name;
}

const char *
action_brief(enum action a)
{
	return actions[a].brief;
}

const char *
action_help(enum action a)
{
	return actions[a].help;
}

enum action
action_from_name(const char *name)
{
	for (int i = 0; i < ACTION_COUNT; i++)
		if (strcmp(actions[i].name, name) == 0)
			return (enum action)i;
	return ACT_NONE;
}

bool
action_in(enum action a, enum context c)
{
	return (actions[a].contexts & (1u << c)) != 0;
}

const char *
context_name(enum context c)
{
	return contexts[c].name;
}

enum context
context_from_name(const char *name)
{
	int i = 0;

	while (i < CONTEXT_COUNT && strcmp(contexts[i].name, name) != 0)
		i++;
	return (enum context)i;
}

enum context
context_wider(enum context c)
{
	return contexts[c].wider;
}

bool
context_is_text(enum context c)
{
	return c == CTX_TEXT || c == CTX_SEARCH || c == CTX_FORM;
}
