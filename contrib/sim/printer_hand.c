#include "contrib/sim/virtual_printer_private.h"

#include "src/base/json.h"
#include "src/base/seal.h"

#include <stdio.h>
#include <string.h>

static void load_paper(struct sim_printer *printer, int mm)
{
	if (mm > 0)
		printer->options.roll = mm;
	printer->dots_left = printer->options.roll * SIM_DOTS_PER_MM;
	printer->out = printer->near = false;
}

static void set_power(struct sim_printer *printer, bool on)
{
	if (!on) {
		sim_printer_clear(printer, true);
		zg_buffer_empty(&printer->answers);
		printer->asb = 0;
		printer->kick_off = printer->xoff = false;
		printer->realtime.length = 0;
	}
	printer->off = !on;
	if (on && !printer->jammed)
		printer->cutter_error = false;
	if (on && printer->options.flow == SIM_FLOW_XONXOFF)
		sim_printer_answer_byte(printer, SIM_XON);
}

static bool send_noise(struct sim_printer *printer, const char *hex)
{
	unsigned char bytes[256];
	size_t length = strlen(hex) / 2;

	if (length == 0 || length > sizeof(bytes) || !zg_unhex(bytes, length, hex))
		return false;
	zg_buffer_add(&printer->answers, bytes, length);
	return true;
}

bool sim_printer_command(struct sim_printer *printer, const char *line, int64_t now_ms)
{
	const struct { const char *words; bool *flag; bool value; } switches[] = {
		{ "paper out", &printer->out, true },          { "paper near", &printer->near, true },
		{ "cover open", &printer->cover, true },       { "cover close", &printer->cover, false },
		{ "mute on", &printer->mute, true },           { "mute off", &printer->mute, false },
		{ "hang on", &printer->hung, true },           { "hang off", &printer->hung, false },
		{ "cutter jam", &printer->jammed, true },      { "cutter free", &printer->jammed, false },
		{ "drawer open", &printer->drawer_open, true }, { "drawer close", &printer->drawer_open, false },
	};
	int number = 0, end = 0;
	bool known = false;

	printer->now_ms = now_ms;
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcmp(line, switches[i].words) == 0) {
			*switches[i].flag = switches[i].value;
			known = true;
		}
	if (known)
		;
	else if (strcmp(line, "paper in") == 0 || (sscanf(line, "paper in %6d%n", &number, &end) == 1 && !line[end]))
		load_paper(printer, number);
	else if (strcmp(line, "fast") == 0)
		printer->options.speed = 0;
	else if (sscanf(line, "slow %6d%n", &number, &end) == 1 && !line[end] && number > 0)
		printer->options.speed = number;
	else if (strcmp(line, "garbage off") == 0)
		printer->garbage = 0;
	else if (sscanf(line, "garbage %6d%n", &number, &end) == 1 && !line[end] && number > 0)
		printer->garbage = number;
	else if (sscanf(line, "lose %6d%n", &number, &end) == 1 && !line[end] && number > 0)
		printer->lose = (size_t)number;
	else if (strcmp(line, "power on") == 0 || strcmp(line, "power off") == 0)
		set_power(printer, line[7] == 'n');
	else if (strncmp(line, "noise ", 6) != 0 || !send_noise(printer, line + 6))
		return false;
	sim_printer_run(printer, now_ms);
	return true;
}

json_t *sim_printer_state(const struct sim_printer *printer)
{
	json_t *state = zg_json_object();

	zg_json_set_boolean(state, "power", !printer->off);
	zg_json_set_boolean(state, "offline", sim_printer_is_offline(printer));
	zg_json_set_boolean(state, "paper_out", printer->out);
	zg_json_set_boolean(state, "paper_near_end", sim_printer_is_near(printer));
	zg_json_set_boolean(state, "cover_open", printer->cover);
	zg_json_set_boolean(state, "cutter_error", printer->cutter_error);
	zg_json_set_boolean(state, "drawer_open", printer->drawer_open);
	zg_json_set_boolean(state, "mute", printer->mute);
	zg_json_set_boolean(state, "hung", printer->hung);
	zg_json_set_integer(state, "speed", printer->options.speed);
	zg_json_set_integer(state, "received", (int64_t)printer->taken);
	zg_json_set_integer(state, "waiting", (int64_t)printer->received.length);
	zg_json_set_integer(state, "most_waiting", (int64_t)printer->received_high);
	zg_json_set_integer(state, "lost", (int64_t)printer->lost);
	return state;
}
