#include "sync/curl.h"

#include <dlfcn.h>
#include <stdbool.h>

#define LIBRARY "libcurl.so.4" /* the name of its binary interface since 2006 */

static struct curl_calls calls;

/* ISO C has no way from void * to a function, POSIX has: through memory. */
static bool
find(void *library, const char *name, void *call)
{
	*(void **)call = dlsym(library, name);
	return *(void **)call != NULL;
}

static bool
find_all(void *library)
{
#define X(name) &&find(library, "curl_" #name, &calls.name)
	return library CURL_CALLS(X);
#undef X
}

enum status
curl_load(const struct curl_calls **out, struct why *why)
{
	*out = &calls;
	/* url_set is found last */
	if (calls.url_set || find_all(dlopen(LIBRARY, RTLD_LAZY)))
		return ST_OK;
	return why_set(why, ST_FILE,
		"the network library cannot be used (%s): install libcurl4",
		dlerror());
}
