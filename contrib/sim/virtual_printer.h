/*
 * A receipt printer made of software: receive buffer, print head, paper, cover, cutter, drawer,
 * and the faults that real ones have.
 *
 * It has neither line nor clock: the owner hands it the bytes that arrive and the time, and
 * carries away what it answers. All times are running milliseconds.
 */
#ifndef SIM_VIRTUAL_PRINTER_H
#define SIM_VIRTUAL_PRINTER_H

#include "contrib/sim/escpos_decoder.h"

#include <stdint.h>

enum sim_flow {
	SIM_FLOW_HOLD,       /* hardware handshake: a full buffer takes no bytes, the host waits */
	SIM_FLOW_XONXOFF,    /* 13 when 128 bytes are free, 11 when 256 are again */
	SIM_FLOW_NONE,       /* nothing: bytes that do not fit are lost, as with XON/XOFF that the host ignores */
};

enum sim_sensor { SIM_SENSOR_OPEN_LOW, SIM_SENSOR_OPEN_HIGH, SIM_SENSOR_NONE };

struct sim_printer_options {
	struct sim_decoder_options decoder;
	size_t buffer;             /* bytes of the receive buffer; 0: 4096 */
	enum sim_flow flow;
	int speed;                 /* mm of paper a second; 0: at once */
	int roll;                  /* mm of paper on a new roll; 0: endless */
	int near;                  /* mm left when the near-end sensor speaks; 0: no such sensor */
	enum sim_sensor drawer;    /* what drawer pin 3 says; without a sensor it is high */
	bool lacks_dle, lacks_gsr, lacks_gsh, lacks_asb;    /* questions it leaves unanswered */
	uint32_t seed;             /* of the garbage */
};

struct sim_printer;

/* take gets what reaches the paper, the drawer and the beeper, and faults, in order. */
struct sim_printer *sim_printer_new(const struct sim_printer_options *options, sim_take_mark *take, void *self);
void sim_printer_free(struct sim_printer *printer);

/* How many bytes the owner may read from the line now; less than it has, when the handshake says stop. */
size_t sim_printer_room(const struct sim_printer *printer);
/* Bytes arrive. Real-time commands act at once; what the buffer cannot hold is lost. */
void sim_printer_receive(struct sim_printer *printer, const unsigned char *bytes, size_t length, int64_t now_ms);
/* Prints what the time allows. */
void sim_printer_run(struct sim_printer *printer, int64_t now_ms);
/* Milliseconds until sim_printer_run has something to do; -1 when only bytes or a command can wake it. */
int sim_printer_wait(const struct sim_printer *printer, int64_t now_ms);
/* Bytes for the host; the owner sends and drops them. Borrowed. */
struct zg_buffer *sim_printer_answers(struct sim_printer *printer);

/*
 * Does something to the printer, by the words of `zhanggui-sim printer`:
 *     paper out | paper in [MM] | paper near     cover open | cover close
 *     mute on | mute off                         hang on | hang off
 *     slow MM_A_SECOND | fast                    power off | power on
 *     cutter jam | cutter free                   drawer open | drawer close
 *     garbage N (one byte in N) | garbage off    noise HEX (sent to the host)    lose N (of the next bytes)
 * False when it is none of these; nothing has changed then.
 */
bool sim_printer_command(struct sim_printer *printer, const char *line, int64_t now_ms);
/* The state as a JSON object; the caller owns it. */
json_t *sim_printer_state(const struct sim_printer *printer);
#endif
