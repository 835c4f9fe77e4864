/* The inside of the virtual printer: virtual_printer.c is the machine, printer_hand.c what people do to it. */
#ifndef SIM_VIRTUAL_PRINTER_PRIVATE_H
#define SIM_VIRTUAL_PRINTER_PRIVATE_H

#include "contrib/sim/realtime.h"
#include "contrib/sim/virtual_printer.h"
#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_DOTS_PER_MM 8
#define SIM_XON         0x11
#define SIM_XOFF        0x13

struct sim_printer {
	struct sim_printer_options options;
	sim_take_mark *take;
	void *self;
	struct sim_decoder *decoder;
	struct sim_realtime realtime;
	struct zg_buffer received, answers;
	struct zg_buffer later;        /* the answer owed once the head has stopped */
	int64_t now_ms, busy_until;
	int64_t heard_at;              /* when the last byte came */
	int64_t pulse_until;
	int dots_left;                 /* on the roll; unused when it is endless */
	bool out, near, cover, mute, hung, off, jammed, cutter_error, drawer_open, xoff, losing;
	bool kick_off;                 /* the host has switched the real-time kick off */
	int asb;                       /* bits the host asked for */
	unsigned char asb_last[4];
	size_t taken, lost, lose, received_high;
	int garbage;                   /* one byte in so many is spoilt; 0: none */
	uint32_t noise;
};

bool sim_printer_is_offline(const struct sim_printer *printer);
bool sim_printer_is_near(const struct sim_printer *printer);
/* Forgets what it has received and not printed; modes: and how it was told to print. */
void sim_printer_clear(struct sim_printer *printer, bool modes);
/* Says a byte to the host, unless it is mute, hung or off. */
void sim_printer_answer_byte(struct sim_printer *printer, int byte);
#endif
