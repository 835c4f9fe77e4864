#include "drivers/printer/escpos_answer.h"

#include <stdint.h>

#define XON  0x11
#define XOFF 0x13
#define TEXT_MAX 80    /* bytes of a block that answers GS I */

/* The bits of one byte and what they say. */
struct bit {
	unsigned char mask;
	unsigned flag;
};

/*
 * Answers to DLE EOT 1 to 4: Epson U220 guide, HPRT TP80K manual, Citizen CT-S manual. Near-end and paper-end have two bits
 * each; one is enough. Bit 2 of the answer to 3 is undefined on most, and left out.
 */
static const struct {
	unsigned known;
	struct bit bits[5];
} answers[] = {
	[ZG_ASK_PRINTER] = { ZG_PRINTER_PIN3_HIGH | ZG_PRINTER_OFFLINE | ZG_PRINTER_FEEDING,
		{ { 0x04, ZG_PRINTER_PIN3_HIGH }, { 0x08, ZG_PRINTER_OFFLINE }, { 0x40, ZG_PRINTER_FEEDING } } },
	[ZG_ASK_OFFLINE] = { ZG_PRINTER_COVER_OPEN | ZG_PRINTER_FEEDING | ZG_PRINTER_PAPER_OUT | ZG_PRINTER_ERROR,
		{ { 0x04, ZG_PRINTER_COVER_OPEN }, { 0x08, ZG_PRINTER_FEEDING }, { 0x20, ZG_PRINTER_PAPER_OUT },
		  { 0x40, ZG_PRINTER_ERROR } } },
	[ZG_ASK_ERROR] = { ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT | ZG_PRINTER_HOT,
		{ { 0x08, ZG_PRINTER_CUTTER }, { 0x20, ZG_PRINTER_FAULT }, { 0x40, ZG_PRINTER_HOT } } },
	[ZG_ASK_PAPER] = { ZG_PRINTER_PAPER_LOW | ZG_PRINTER_PAPER_OUT,
		{ { 0x0C, ZG_PRINTER_PAPER_LOW }, { 0x60, ZG_PRINTER_PAPER_OUT } } },
};

/* Automatic status, bytes 1 to 3: Epson U220 guide, Citizen CTS-2000, T88 guide p. 319. The fourth is reserved. */
static const struct bit reports[3][5] = {
	{ { 0x04, ZG_PRINTER_PIN3_HIGH }, { 0x08, ZG_PRINTER_OFFLINE }, { 0x20, ZG_PRINTER_COVER_OPEN },
	  { 0x40, ZG_PRINTER_FEEDING } },
	{ { 0x05, ZG_PRINTER_ERROR }, { 0x08, ZG_PRINTER_CUTTER | ZG_PRINTER_ERROR },
	  { 0x20, ZG_PRINTER_FAULT | ZG_PRINTER_ERROR }, { 0x40, ZG_PRINTER_HOT | ZG_PRINTER_ERROR } },
	{ { 0x03, ZG_PRINTER_PAPER_LOW }, { 0x0C, ZG_PRINTER_PAPER_OUT } },
};

#define REPORTED (ZG_PRINTER_OFFLINE | ZG_PRINTER_COVER_OPEN | ZG_PRINTER_PAPER_OUT | ZG_PRINTER_PAPER_LOW \
		  | ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT | ZG_PRINTER_HOT | ZG_PRINTER_FEEDING | ZG_PRINTER_ERROR \
		  | ZG_PRINTER_PIN3_HIGH)

static unsigned flags_of(const struct bit bits[5], unsigned char byte)
{
	unsigned flags = 0;

	for (size_t i = 0; i < 5; i++)
		if (byte & bits[i].mask)
			flags |= bits[i].flag;
	return flags;
}

static size_t nothing(size_t used, struct zg_printer_answer *answer)
{
	answer->kind = ZG_ANSWER_NONE;
	return used;
}

/* Four bytes; flow control bytes may have come between them. */
static size_t read_report(const unsigned char *bytes, size_t length, struct zg_printer_answer *answer)
{
	size_t at = 0;

	answer->flags = 0;
	for (size_t part = 0; part < 4; at++) {
		if (at == length)
			return 0;
		if (part > 0 && (bytes[at] == XON || bytes[at] == XOFF))
			continue;
		if (part > 0 && (bytes[at] & 0x90) != 0)
			return nothing(1, answer);    /* the frame broke off; what came after it is read on its own */
		if (part < 3)
			answer->flags |= flags_of(reports[part], bytes[at]);
		part++;
	}
	answer->kind = ZG_ANSWER_STATUS;
	answer->known = REPORTED;
	return at;
}

/* 37 22 d d d d 00: process id; 37 25 00: buffer cleared. */
static size_t read_block(const unsigned char *bytes, size_t length, struct zg_printer_answer *answer)
{
	if (length < 2)
		return 0;
	if (bytes[1] == 0x25) {
		if (length < 3)
			return 0;
		if (bytes[2] != 0)
			return nothing(1, answer);
		answer->kind = ZG_ANSWER_CLEARED;
		return 3;
	}
	if (bytes[1] != 0x22)
		return nothing(1, answer);
	answer->id = 0;
	for (size_t i = 2; i < 6; i++) {
		if (i == length)
			return 0;
		if (bytes[i] < '0' || bytes[i] > '9')
			return nothing(1, answer);
		answer->id = answer->id * 10 + (unsigned)(bytes[i] - '0');
	}
	if (length < 7)
		return 0;
	if (bytes[6] != 0)
		return nothing(1, answer);
	answer->kind = ZG_ANSWER_PRINTED;
	return 7;
}

/* 5F text 00: maker, model, ...: nobody asked, but it must not be taken for status. */
static size_t read_text(const unsigned char *bytes, size_t length, struct zg_printer_answer *answer)
{
	for (size_t i = 1; i < length && i < TEXT_MAX; i++)
		if (bytes[i] == 0)
			return nothing(i + 1, answer);
	return length < TEXT_MAX ? 0 : nothing(1, answer);
}

/* The fixed bits tell the kinds apart: Citizen and Bematech manuals, appendices. */
size_t zg_escpos_read(const char *bytes, size_t length, enum zg_printer_question asked,
		      struct zg_printer_answer *answer)
{
	const unsigned char *in = (const unsigned char *)bytes;

	*answer = (struct zg_printer_answer){ .kind = ZG_ANSWER_NONE };
	if (length == 0)
		return 0;
	if (in[0] == XON || in[0] == XOFF) {
		answer->kind = in[0] == XON ? ZG_ANSWER_GO : ZG_ANSWER_STOP;
		return 1;
	}
	if (in[0] == 0x37)
		return read_block(in, length, answer);
	if (in[0] == 0x5F)
		return read_text(in, length, answer);
	if ((in[0] & 0x93) == 0x12) {
		if (asked < ZG_ASK_PRINTER || asked > ZG_ASK_PAPER)
			return 1;    /* late: nobody knows what it answers */
		answer->kind = ZG_ANSWER_STATUS;
		answer->known = answers[asked].known;
		answer->flags = flags_of(answers[asked].bits, in[0]);
		return 1;
	}
	if ((in[0] & 0x93) == 0x10)
		return read_report(in, length, answer);
	if ((in[0] & 0x90) == 0x00) {
		answer->kind = ZG_ANSWER_PAPER;
		answer->known = ZG_PRINTER_PAPER_LOW | ZG_PRINTER_PAPER_OUT;
		answer->flags = flags_of(reports[2], in[0]);
	}
	return 1;
}
