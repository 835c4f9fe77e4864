#include "contrib/sim/virtual_printer_private.h"

#include "src/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE  4096    /* T88III; cheap printers about the same (devices.md 2.7) */
#define IDLE_MS      300     /* a picture whose next band does not come is whole */

/* -- what it says ----------------------------------------------------------------------------- */

bool sim_printer_is_offline(const struct sim_printer *printer)
{
	return printer->cover || printer->out || printer->cutter_error;
}

bool sim_printer_is_near(const struct sim_printer *printer)
{
	if (printer->near)
		return true;
	if (printer->options.near == 0)
		return false;
	return printer->out || (printer->options.roll > 0 && printer->dots_left < printer->options.near * SIM_DOTS_PER_MM);
}

static bool is_pin_high(const struct sim_printer *printer)
{
	switch (printer->options.drawer) {
	case SIM_SENSOR_OPEN_LOW:
		return !printer->drawer_open;
	case SIM_SENSOR_OPEN_HIGH:
		return printer->drawer_open;
	case SIM_SENSOR_NONE:
		break;
	}
	return true;
}

static void answer(struct sim_printer *printer, const void *bytes, size_t length)
{
	if (!printer->mute && !printer->off && !printer->hung)
		zg_buffer_add(&printer->answers, bytes, length);
}

void sim_printer_answer_byte(struct sim_printer *printer, int byte)
{
	unsigned char one = (unsigned char)byte;

	answer(printer, &one, 1);
}

/* DLE EOT n: devices.md 2.1. */
static int status_byte(const struct sim_printer *printer, int n)
{
	int byte = 0x12;

	if (n == 1)
		byte |= (is_pin_high(printer) ? 0x04 : 0) | (sim_printer_is_offline(printer) ? 0x08 : 0) |
			(printer->cutter_error ? 0x20 : 0);
	if (n == 2)
		byte |= (printer->cover ? 0x04 : 0) | (printer->out ? 0x20 : 0) | (printer->cutter_error ? 0x40 : 0);
	if (n == 3)
		byte |= printer->cutter_error ? 0x08 : 0;
	if (n == 4)
		byte |= (sim_printer_is_near(printer) ? 0x0C : 0) | (printer->out ? 0x60 : 0);
	return byte;
}

/* Automatic status, four bytes: devices.md 2.3. */
static void asb_bytes(const struct sim_printer *printer, unsigned char bytes[4])
{
	bytes[0] = (unsigned char)(0x10 | (is_pin_high(printer) ? 0x04 : 0) | (sim_printer_is_offline(printer) ? 0x08 : 0) |
				   (printer->cover ? 0x20 : 0));
	bytes[1] = printer->cutter_error ? 0x08 : 0;
	bytes[2] = (unsigned char)((sim_printer_is_near(printer) ? 0x03 : 0) | (printer->out ? 0x0C : 0));
	bytes[3] = 0;
}

static void tell_asb(struct sim_printer *printer, bool always)
{
	unsigned char bytes[4], changed[4];

	asb_bytes(printer, bytes);
	for (int i = 0; i < 4; i++)
		changed[i] = bytes[i] ^ printer->asb_last[i];
	bool asked = (printer->asb & 0x01 && changed[0] & 0x04) || (printer->asb & 0x02 && changed[0] & 0x28) ||
		     (printer->asb & 0x04 && changed[1]) || (printer->asb & 0x08 && changed[2]);

	if (always || asked) {
		answer(printer, bytes, 4);
		memcpy(printer->asb_last, bytes, 4);
	}
}

/* Bytes left when it says stop, as the T88III does with its large and its small buffer. */
static size_t full_at(const struct sim_printer *printer)
{
	return printer->options.buffer >= 512 ? 128 : 16;
}

static size_t ready_at(const struct sim_printer *printer)
{
	return printer->options.buffer >= 512 ? 256 : 26;
}

static void tell_flow(struct sim_printer *printer)
{
	if (printer->options.flow != SIM_FLOW_XONXOFF)
		return;
	size_t left = printer->options.buffer - printer->received.length;

	if (!printer->xoff && left <= full_at(printer)) {
		printer->xoff = true;
		sim_printer_answer_byte(printer, SIM_XOFF);
	} else if (printer->xoff && left >= ready_at(printer)) {
		printer->xoff = false;
		sim_printer_answer_byte(printer, SIM_XON);
	}
}

/* GS I: a byte for n 1 to 3, a text for 41 to 45. */
static void say_who(struct sim_printer *printer, int n)
{
	static const char *const texts[] = { "1.00", "Zhanggui", "SIM-80", "SIM0001", "CHINA GB18030" };

	if (n >= 0x41 && n <= 0x45) {
		zg_buffer_add_byte(&printer->later, 0x5F);
		zg_buffer_add(&printer->later, texts[n - 0x41], strlen(texts[n - 0x41]) + 1);
	} else {
		zg_buffer_add_byte(&printer->later, (n & 15) == 1 ? 0x20 : 0x02);
	}
}

/* -- what it does ----------------------------------------------------------------------------- */

static void kick(struct sim_printer *printer, const struct sim_mark *mark)
{
	printer->drawer_open = true;
	printer->pulse_until = printer->now_ms + mark->b;
	printer->take(printer->self, mark);
}

static void move_paper(struct sim_printer *printer, int dots)
{
	if (printer->options.speed > 0) {
		/* a head that is already moving goes on without a gap */
		if (printer->busy_until < printer->now_ms - 50)
			printer->busy_until = printer->now_ms;
		printer->busy_until += (int64_t)dots * 1000 / SIM_DOTS_PER_MM / printer->options.speed;
	}
	if (printer->options.roll > 0) {
		printer->dots_left -= dots;
		if (printer->dots_left <= 0)
			printer->out = true;
	}
}

static void cut(struct sim_printer *printer, const struct sim_mark *mark)
{
	if (printer->jammed)
		printer->cutter_error = true;
	else
		printer->take(printer->self, mark);
}

static void on_mark(void *self, const struct sim_mark *mark)
{
	struct sim_printer *printer = self;

	move_paper(printer, mark->dots);
	switch (mark->kind) {
	case SIM_CUT:
		cut(printer, mark);
		break;
	case SIM_DRAWER:
		kick(printer, mark);
		break;
	case SIM_ASK:
		if (mark->name[0] == 'p' && mark->name[1] == 'r')
			say_who(printer, mark->a);
		else if (!printer->options.lacks_gsr && mark->a == 1)
			zg_buffer_add_byte(&printer->later, sim_printer_is_near(printer) ? 0x03 : 0);
		else if (!printer->options.lacks_gsr)
			zg_buffer_add_byte(&printer->later, is_pin_high(printer) ? 0x01 : 0);
		break;
	case SIM_CONFIRM:
		if (!printer->options.lacks_gsh) {
			zg_buffer_print(&printer->later, "7\"%s", mark->text);
			zg_buffer_add_byte(&printer->later, 0);
		}
		break;
	case SIM_AUTO:
		printer->asb = printer->options.lacks_asb ? 0 : mark->a;
		if (printer->asb)
			tell_asb(printer, true);
		break;
	case SIM_KICK_SWITCH:
		printer->kick_off = mark->a == 0;
		break;
	case SIM_BAND:
	case SIM_REALTIME:
	case SIM_RESET:
		break;
	case SIM_ROW:
	case SIM_PICTURE:
	case SIM_BARCODE:
	case SIM_QR:
	case SIM_BEEP:
	case SIM_FAULT:
		printer->take(printer->self, mark);
		break;
	}
}

void sim_printer_clear(struct sim_printer *printer, bool modes)
{
	zg_buffer_empty(&printer->received);
	zg_buffer_empty(&printer->later);
	sim_decoder_reset(printer->decoder, modes);
	printer->busy_until = printer->now_ms;
}

/* Bytes of a real-time command, at the moment they arrive. */
static void act_at_once(struct sim_printer *printer, const unsigned char *c)
{
	struct sim_mark mark = { .kind = SIM_DRAWER, .offset = printer->taken, .a = (c[3] & 1) + 1,
				 .b = c[4] * 100, .c = c[4] * 100 };

	if (c[1] == 0x04 && !printer->options.lacks_dle)
		sim_printer_answer_byte(printer, status_byte(printer, c[2]));
	if (c[1] == 0x05 && c[2] == 2)
		sim_printer_clear(printer, false);
	if (c[1] == 0x05 && (c[2] == 1 || c[2] == 2) && !printer->jammed)
		printer->cutter_error = false;
	if (c[1] != 0x14)
		return;
	if (c[2] == 0x01 && c[3] <= 1 && c[4] >= 1 && c[4] <= 8 && !printer->kick_off && !printer->cutter_error &&
	    printer->now_ms >= printer->pulse_until)
		kick(printer, &mark);
	if (c[2] == 0x07 && c[3] == 0x01 && !printer->options.lacks_asb)
		tell_asb(printer, true);
	if (c[2] == 0x08) {
		sim_printer_clear(printer, false);
		answer(printer, "7%", 3);
	}
}

/* -- for the owner ---------------------------------------------------------------------------- */

struct sim_printer *sim_printer_new(const struct sim_printer_options *options, sim_take_mark *take, void *self)
{
	struct sim_printer *printer = zg_alloc(1, sizeof(*printer));

	printer->options = *options;
	if (printer->options.buffer == 0)
		printer->options.buffer = BUFFER_SIZE;
	printer->take = take;
	printer->self = self;
	printer->dots_left = options->roll * SIM_DOTS_PER_MM;
	printer->noise = options->seed ? options->seed : 1;
	printer->decoder = sim_decoder_new(&options->decoder, on_mark, printer);
	asb_bytes(printer, printer->asb_last);
	return printer;
}

void sim_printer_free(struct sim_printer *printer)
{
	if (!printer)
		return;
	sim_decoder_free(printer->decoder);
	zg_buffer_clear(&printer->received);
	zg_buffer_clear(&printer->answers);
	zg_buffer_clear(&printer->later);
	free(printer);
}

size_t sim_printer_room(const struct sim_printer *printer)
{
	if (printer->hung)
		return 0;
	if (printer->options.flow != SIM_FLOW_HOLD || printer->off)
		return SIZE_MAX;
	size_t left = printer->options.buffer - printer->received.length;

	return left > full_at(printer) ? left - full_at(printer) : 0;
}

static bool is_stopped(const struct sim_printer *printer)
{
	return printer->off || printer->hung || sim_printer_is_offline(printer);
}

void sim_printer_run(struct sim_printer *printer, int64_t now_ms)
{
	size_t used = 0;

	printer->now_ms = now_ms;
	while (!is_stopped(printer) && printer->busy_until <= now_ms) {
		if (printer->later.length > 0) {
			answer(printer, printer->later.bytes, printer->later.length);
			zg_buffer_empty(&printer->later);
		}
		if (used == printer->received.length)
			break;
		sim_decoder_put(printer->decoder, (unsigned char)printer->received.bytes[used++]);
	}
	zg_buffer_drop(&printer->received, used);
	if (printer->received.length == 0 && now_ms >= printer->heard_at + IDLE_MS)
		sim_decoder_flush(printer->decoder);
	tell_flow(printer);
	if (!printer->off)
		tell_asb(printer, false);
}

static uint32_t next_noise(struct sim_printer *printer)
{
	printer->noise ^= printer->noise << 13;
	printer->noise ^= printer->noise >> 17;
	printer->noise ^= printer->noise << 5;
	return printer->noise;
}

static void lose(struct sim_printer *printer, unsigned char byte)
{
	struct sim_mark mark = { .kind = SIM_FAULT, .name = "bytes lost, the buffer is full", .bytes = &byte, .length = 1,
				 .offset = printer->taken };

	if (!printer->losing)
		printer->take(printer->self, &mark);
	printer->losing = true;
	printer->lost++;
}

static void receive_byte(struct sim_printer *printer, unsigned char byte)
{
	printer->taken++;
	if (printer->lose > 0) {
		printer->lose--;
		printer->lost++;
		return;
	}
	if (printer->garbage > 0 && next_noise(printer) % (uint32_t)printer->garbage == 0)
		byte = (unsigned char)(next_noise(printer) >> 8);
	if (printer->received.length >= printer->options.buffer) {
		lose(printer, byte);
	} else {
		printer->losing = false;
		zg_buffer_add_byte(&printer->received, byte);
		if (printer->received.length > printer->received_high)
			printer->received_high = printer->received.length;
	}
	if (sim_realtime_put(&printer->realtime, byte))
		act_at_once(printer, printer->realtime.bytes);
}

void sim_printer_receive(struct sim_printer *printer, const unsigned char *bytes, size_t length, int64_t now_ms)
{
	printer->now_ms = printer->heard_at = now_ms;
	if (printer->off)
		return;
	for (size_t i = 0; i < length; i++) {
		receive_byte(printer, bytes[i]);
		sim_printer_run(printer, now_ms);    /* when free it takes each byte off its buffer as it comes */
	}
}

int sim_printer_wait(const struct sim_printer *printer, int64_t now_ms)
{
	if (is_stopped(printer))
		return -1;
	if (printer->received.length == 0 && printer->later.length == 0) {
		int64_t idle_at = printer->heard_at + IDLE_MS;

		if (!sim_decoder_has_picture(printer->decoder))
			return -1;
		return idle_at > now_ms ? (int)(idle_at - now_ms) : 0;
	}
	return printer->busy_until > now_ms ? (int)(printer->busy_until - now_ms) : 0;
}

struct zg_buffer *sim_printer_answers(struct sim_printer *printer)
{
	return &printer->answers;
}
