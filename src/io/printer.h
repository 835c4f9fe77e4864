/*
 * The port of receipt printers: what a printer can (profile), and what a driver does (driver).
 *
 * A driver turns a grid into bytes and the printer's bytes into answers. It never opens, waits or
 * remembers: links, time-outs and retries are io's and the till's.
 */
#ifndef ZG_IO_PRINTER_H
#define ZG_IO_PRINTER_H

#include "src/base/buffer.h"
#include "src/base/charset.h"
#include "src/base/result.h"
#include "src/io/proof.h"
#include "src/shop/paper.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_PROFILE_TEXT  80    /* bytes of a profile's name, title or source, the NUL included */
#define ZG_PROFILE_BYTES 64    /* of extra init or beep */

enum zg_printer_cut     { ZG_CUT_NONE, ZG_CUT_PARTIAL, ZG_CUT_FULL, ZG_CUT_FEEDCUT };
enum zg_printer_code    { ZG_CODE_RASTER, ZG_CODE_NATIVE, ZG_CODE_NONE };
enum zg_printer_status  { ZG_STATUS_NONE, ZG_STATUS_DLE, ZG_STATUS_ASB };
enum zg_printer_confirm { ZG_CONFIRM_NONE, ZG_CONFIRM_GSR, ZG_CONFIRM_GSH };
enum zg_printer_flow    { ZG_FLOW_NONE, ZG_FLOW_XONXOFF, ZG_FLOW_RTSCTS };

/* What one model can; a data file, printers/<name>.ini. */
struct zg_printer_profile {
	char name[ZG_PROFILE_TEXT], title[ZG_PROFILE_TEXT], source[ZG_PROFILE_TEXT];
	char driver[16];                       /* "escpos" */
	enum zg_proof proof;
	int columns;                           /* cells of Font A in a row: 32, 42, 48 or what it is */
	int width_dots;                        /* of the head; no raster row is wider */
	bool gbk;                              /* encoding: GBK, or ASCII alone ("?" for the rest) */
	bool kanji;                            /* FS & before the text */
	enum zg_printer_cut cut;
	int cut_feed;                          /* lines from head to cutter, or to the tear bar */
	bool raster;                           /* GS v 0 works */
	enum zg_printer_code qr, barcode;
	enum zg_printer_status status;
	enum zg_printer_confirm confirm;
	int drawer_pin;                        /* 2 or 5; 0: no drawer */
	int drawer_on_ms, drawer_off_ms;       /* 30 to 510 */
	unsigned char init[ZG_PROFILE_BYTES], beep[ZG_PROFILE_BYTES];
	size_t init_length, beep_length;
	int baud;                              /* of a serial link that does not say otherwise */
	enum zg_printer_flow flow;
};

/* The settings that every profile starts from: 32 columns, raster codes, nothing asked, drawer at pin 2. */
void zg_profile_init(struct zg_printer_profile *profile);
/*
 * Reads a profile's INI text over `profile`. ZG_USAGE: unknown section or key, a value out of its
 * range, or settings that contradict each other; err says `name`, line and cure.
 */
enum zg_result zg_profile_read(struct zg_printer_profile *profile, const char *text, size_t length, const char *name,
			       struct zg_error *err);

/* What can be asked: DLE EOT 1 to 4 one at a time, each answered by one byte that does not say to which question. */
enum zg_printer_question {
	ZG_ASK_NOTHING = 0,
	ZG_ASK_PRINTER = 1,
	ZG_ASK_OFFLINE = 2,
	ZG_ASK_ERROR   = 3,
	ZG_ASK_PAPER   = 4,
	ZG_ASK_REPORTS = 5,    /* turn automatic status on; every later ZG_ANSWER_STATUS comes unasked */
};

/* What a status byte can tell; or'ed together. */
#define ZG_PRINTER_OFFLINE     0x001u
#define ZG_PRINTER_COVER_OPEN  0x002u
#define ZG_PRINTER_PAPER_OUT   0x004u
#define ZG_PRINTER_PAPER_LOW   0x008u    /* always clear where the sensor is not fitted */
#define ZG_PRINTER_CUTTER      0x010u    /* cutter jammed */
#define ZG_PRINTER_FAULT       0x020u    /* needs repair, or to be switched off and on */
#define ZG_PRINTER_HOT         0x040u    /* comes back by itself */
#define ZG_PRINTER_FEEDING     0x080u    /* somebody holds the feed button */
#define ZG_PRINTER_ERROR       0x100u    /* some error; ask ZG_ASK_ERROR which */
#define ZG_PRINTER_PIN3_HIGH   0x200u    /* the drawer's switch: a level, not "open" */

enum zg_printer_answer_kind {
	ZG_ANSWER_NONE,         /* these bytes mean nothing to us */
	ZG_ANSWER_STATUS,       /* known, flags */
	ZG_ANSWER_PAPER,        /* answer to GS r at the end of a slip: all before it was taken from the buffer; flags tell the paper */
	ZG_ANSWER_PRINTED,      /* slip `id`, and every slip before it, is on paper */
	ZG_ANSWER_CLEARED,      /* the printer emptied its buffer */
	ZG_ANSWER_STOP,         /* XOFF */
	ZG_ANSWER_GO,           /* XON */
};

struct zg_printer_answer {
	enum zg_printer_answer_kind kind;
	unsigned known;         /* the flags that this answer speaks of */
	unsigned flags;         /* those of them that are so */
	unsigned id;            /* of ZG_ANSWER_PRINTED, 0 to 9999 */
};

struct zg_printer_driver {
	const char *name;       /* the word in the profile */
	const char *title;
	const char *source;
	enum zg_proof proof;
	/* Right after a link opens. broken: the link was lost in the middle of a slip, so fill up what block may be open. */
	void (*init)(const struct zg_printer_profile *profile, bool broken, struct zg_buffer *out);
	/* A whole slip, from initialise to cut; then, where the profile has it, the request that confirms it, by id (taken mod 10000). */
	void (*build)(const struct zg_printer_profile *profile, const struct zg_paper *paper, struct zg_gbk *gbk,
		      unsigned id, struct zg_buffer *out);
	/* Opens the drawer, in its turn among the slips. Adds nothing when the profile has no drawer. */
	void (*drawer)(const struct zg_printer_profile *profile, struct zg_buffer *out);
	/* The same at once, past a full buffer or an empty roll; only for printers with status, never inside a slip's bytes. */
	void (*drawer_now)(const struct zg_printer_profile *profile, struct zg_buffer *out);
	/* Adds nothing when the profile cannot be asked that. Never inside a slip's bytes. */
	void (*ask)(const struct zg_printer_profile *profile, enum zg_printer_question question, struct zg_buffer *out);
	/*
	 * Looks at what came in. Returns the bytes used, 0 when more must come; answer is set when it is not 0.
	 * asked: the one question that waits for its answer, ZG_ASK_NOTHING when none does.
	 */
	size_t (*read)(const char *bytes, size_t length, enum zg_printer_question asked, struct zg_printer_answer *answer);
};
#endif
