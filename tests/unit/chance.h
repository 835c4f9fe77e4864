/*
 * Chance that can be repeated: each test prints its seed when it fails, and ZG_SEED=… plays it again.
 * ZG_COUNT=… sets how many rounds.
 */
#ifndef ZG_TEST_CHANCE_H
#define ZG_TEST_CHANCE_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct chance {
	uint64_t seed, state;
};

static inline struct chance chance_begin(void)
{
	const char *given = getenv("ZG_SEED");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec;

	return (struct chance){ seed, seed };
}

/* The same each time but for ZG_SEED: where the check is not to hang on chance. */
static inline struct chance chance_begin_at(uint64_t usual)
{
	const char *given = getenv("ZG_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 10) : usual;

	return (struct chance){ seed, seed };
}

static inline long chance_rounds(long usual)
{
	const char *given = getenv("ZG_COUNT");

	return given ? strtol(given, NULL, 10) : usual;
}

/* splitmix64 */
static inline uint64_t chance_next(struct chance *chance)
{
	uint64_t z = (chance->state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* From low to high, both included. */
static inline int64_t chance_between(struct chance *chance, int64_t low, int64_t high)
{
	return low + (int64_t)(chance_next(chance) % (uint64_t)(high - low + 1));
}

/* The seed of a part that can be repeated alone: that of the first is the whole's. */
static inline uint64_t chance_part(uint64_t seed, long part)
{
	return seed + (uint64_t)part * 0xD1B54A32D192ED03u;
}

/* Small numbers as often as large ones: every size of amount is met. */
static inline int64_t chance_amount(struct chance *chance, int64_t high)
{
	int64_t top = 1;

	for (int64_t digits = chance_between(chance, 0, 9); digits > 0 && top <= high / 10; digits--)
		top *= 10;
	return chance_between(chance, 0, top < high ? top : high);
}
#endif
