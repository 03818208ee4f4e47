#include "sync/untrusted.h"

/* As X.509 verdicts are numbered since SSLeay. */
#define GOOD 0
#define NOT_ASKED 1 /* libcurl looks at the name first */
#define NOT_YET_VALID 9
#define EXPIRED 10
#define OTHER_HOST 62

struct advice {
	const char *what, *then;
};

static struct advice
advise(long verdict, bool named)
{
	if (verdict == GOOD || verdict == NOT_ASKED || verdict == OTHER_HOST)
		return (struct advice){"is for another name",
			"enroll with a name that is in it"};
	if (verdict == NOT_YET_VALID || verdict == EXPIRED)
		return (struct advice){"is out of date",
			"check this device's clock; where that is right, the "
			"hub needs a new certificate"};
	if (named)
		return (struct advice){"is not of the authority that was named",
			"sign in to the network where it asks for that; where "
			"the hub has a new authority, enroll again with "
			"--ca FILE"};
	return (struct advice){"is not trusted",
		"where the department has an authority of its own, name that "
		"with --ca FILE at enrolment, or by BEATBOOK_CA_FILE=FILE for "
		"one run"};
}

enum status
untrusted(const char *url, long verdict, const char *reason, bool named,
	const char *kept, struct why *why)
{
	struct advice a = advise(verdict, named);

	return why_set(why, ST_LATER,
		"the certificate of the hub at %.150s %s (%.150s): %s%s", url,
		a.what, reason, a.then, kept);
}
