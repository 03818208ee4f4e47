#include "tests/support/prose.h"

#include <ctype.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* Common first: a word's place says how often it is drawn. */
static const char *const words[] = {"the", "and", "to", "of", "a", "in", "was",
	"that", "on", "for", "is", "with", "at", "they", "said", "from", "he",
	"were", "by", "not", "had", "she", "about", "have", "there", "after",
	"near", "lot", "will", "street", "night", "again", "who", "one", "two",
	"three", "car", "two", "or", "as", "it", "be", "been", "when", "has",
	"owner", "manager", "people", "door", "back", "camera", "light",
	"lights", "no", "because", "before", "between", "corner", "each",
	"evening", "fence", "found", "gate", "called", "asked", "walked",
	"talked", "neighbor", "neighbors", "noise", "officer", "parked",
	"parking", "reported", "resident", "residents", "school", "seen",
	"store", "trash", "truck", "van", "window", "windows", "week", "month",
	"Friday", "Saturday", "Monday", "Tuesday", "Thursday", "weekend",
	"morning", "midnight", "broken", "fixed", "stolen", "left", "right",
	"behind", "across", "along", "under", "building", "alley", "garage",
	"level", "ramp", "stairs", "elevator", "lobby", "roof", "motel", "room",
	"guests", "tenant", "tenants", "landlord", "lease", "notice", "letter",
	"phone", "number", "email", "meeting", "council", "chair", "agenda",
	"vote", "agreed", "refused", "promised", "wants", "needs", "can",
	"could", "would", "should", "may", "until", "since", "while", "during",
	"still", "already", "often", "never", "always", "sometimes", "mostly",
	"probably", "maybe", "only", "also", "more", "less", "fewer", "several",
	"many", "four", "five", "six", "ten", "twelve", "young", "older", "man",
	"woman", "group", "boys", "kids", "dog", "dogs", "bike", "bikes",
	"scooter", "tools", "copper", "wire", "pipe", "cart", "carts", "tent",
	"tents", "fire", "smoke", "bottle", "bottles", "drinking", "shouting",
	"music", "loud", "fight", "argument", "threat", "knife", "bag", "purse",
	"laptop", "wallet", "package", "packages", "porch", "mailbox", "key",
	"lock", "chain", "bolt", "alarm", "siren", "patrol", "shift", "beat",
	"area", "block", "avenue", "road", "bridge", "underpass", "ramp",
	"park", "playground", "bench", "path", "trees", "bushes", "hedge",
	"trimmed", "cut", "painted", "wall", "mural", "graffiti", "sign",
	"signs", "speed", "speeding", "crosswalk", "crossing", "guard", "bus",
	"stop", "driver", "drivers", "passenger", "plate", "plates", "sedan",
	"pickup", "silver", "white", "black", "blue", "red", "green", "dark",
	"bright", "new", "old", "empty", "closed", "open", "vacant", "fenced",
	"boarded", "abandoned", "towed", "tagged", "cited", "warned",
	"arrested", "released", "charged", "court", "hearing", "judge",
	"warrant", "search", "statement", "witness", "victim", "suspect",
	"description", "tall", "hooded", "jacket", "backpack", "running",
	"east", "west", "north", "south", "toward", "river", "lake", "harbor",
	"market", "bakery", "laundry", "pharmacy", "clinic", "church", "temple",
	"library", "shelter", "outreach", "worker", "nurse", "medic",
	"hospital", "county", "city", "state", "department", "works", "permit",
	"inspector", "inspection", "violation", "fine", "fee", "repair",
	"repairs", "crew", "contractor", "estimate", "budget", "grant",
	"volunteer", "volunteers", "watch", "captain", "flyer", "flyers",
	"survey", "answers", "results", "compared", "dropped", "rose", "half",
	"third", "percent", "count", "calls", "reports", "cases", "incidents",
	"thefts", "burglaries", "robberies", "break-ins", "vandalism",
	"trespass", "loitering", "dumping", "mattress", "tires", "oil",
	"needles", "smell", "water", "leak", "power", "outage", "pole",
	"transformer", "schedule", "tomorrow", "yesterday", "tonight",
	"afternoon", "noon", "spring", "summer", "autumn", "winter", "rain",
	"heat", "holiday", "weather"};

uint64_t
prose_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* Zipf's law, nearly: half of all words are of the first sixteenth. */
static const char *
word(uint64_t *seed)
{
	double u = (double)(prose_next(seed) % 1000000) / 1e6;
	double at = u * u * u * u * (double)COUNT(words);

	return words[(size_t)at];
}

void
prose_text(uint64_t *seed, size_t bytes, struct buf *out)
{
	size_t left = 0; /* words of this sentence */

	buf_clear(out);
	while (out->len < bytes) {
		const char *w = word(seed);
		bool first = left == 0;

		if (first)
			left = 6 + prose_next(seed) % 9;
		if (out->len)
			buf_puts(out, " ");
		if (first)
			buf_putc(out, (char)toupper((unsigned char)*w));
		buf_puts(out, first ? w + 1 : w);
		if (--left == 0)
			buf_puts(out, ".");
	}
}

void
prose_words(uint64_t *seed, size_t least, size_t most, struct buf *out)
{
	size_t want = least + prose_next(seed) % (most - least + 1);

	buf_clear(out);
	while (out->len < want) {
		const char *w = word(seed);

		if (out->len && out->len + 1 + strlen(w) > most)
			break;
		if (out->len)
			buf_puts(out, " ");
		buf_puts(out, w);
	}
	while (out->len < least)
		buf_puts(out, "s");
}
