/* What the parts of the memory experiment share: a shop, what was told of it, and the scenes that are played in it. */
#ifndef ZG_TESTS_FAULT_MEMORY_H
#define ZG_TESTS_FAULT_MEMORY_H

#include "tests/lab/memory.h"
#include "tests/unit/shop.h"

#include <stdbool.h>
#include <stdint.h>

#define UNKNOWN_CHANGE INT64_MIN    /* an act whose change of the scene's fact is worked out nowhere else */

/* In memory shared with the experiment: what the till had answered, whatever then became of its process. */
struct told {
	int64_t booked, sum_fen;        /* receipts that were answered, and their sum; a refund's is negative */
	bool is_under_way;              /* an act was, when the process ended */
	int64_t booking_fen;            /* it books a receipt of so much; 0: none */
	int64_t before, after;          /* the scene's fact before that act, and once it is done */
	int refused;                    /* acts that were refused with a sentence */
	int64_t asked, blocks;          /* allocations of the scene; blocks left in the end */
	bool is_whole;                  /* the scene, what followed and the close were gone through */
	char act[32];                   /* the last one begun */
	char sentence[512];             /* why the first was refused */
	char late[512];                 /* why slips waited in the scene; "" they did not */
	char waits[512];                /* why slips wait in the end; "" they do not */
	char problem[600];               /* what was wrong already in that process; "" nothing */
};

struct scene;

/* A process that plays a scene. */
struct stage {
	const struct scene *scene;
	struct shop *shop;
	struct told *told;
	bool was_refused;
};

struct scene {
	const char *name;
	const char *fact;               /* SQL of one number that the scene changes */
	void (*prepare)(struct stage *stage);    /* with memory for everything */
	void (*play)(struct stage *stage);       /* while it may run out */
};

/* Ending with a NULL name. */
extern const struct scene memory_scenes[];

/* Writes what is wrong, once. */
void stage_problem(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The clock of all stages to come stands here. */
void stage_set_clock(void);
/* In a process of its own: a shop with goods, an open shift, receipts and a hung sale, its till closed. */
void stage_make_shop(const char *home);
/* The scene with its at-th allocation failing, then a sale as always, and the end. */
void stage_run(const struct scene *scene, const char *home, int64_t at, bool for_good, struct told *told);
/* What is there afterwards, in a process that has memory: "" or what is wrong. *digest: of everything in the books. */
void stage_look(const struct scene *scene, const char *home, struct told *told, uint64_t *digest);

/* ---- for the scenes ---- */

/* Signs somebody in without a PIN. */
void stage_sign_in(struct stage *stage, const char *login);
/* An act that works, with memory. */
void stage_must(struct stage *stage, const char *act, json_t *args);
/* An act while memory may run out: change is what it does to the fact, booking_fen what it books. False: refused. args is taken over. */
bool stage_act(struct stage *stage, const char *login, const char *act, json_t *args, int64_t change, int64_t booking_fen);
/* Why slips wait, which somebody must be told; "" when none does. */
void stage_slips_wait(struct stage *stage, char *why, size_t size);
/* Whatever else may be refused with a sentence. */
bool stage_took(struct stage *stage, const char *what, enum zg_result result, const struct zg_error *err);
#endif
