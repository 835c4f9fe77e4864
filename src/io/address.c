/* Link addresses, read and written. */
#include "src/base/i18n.h"
#include "src/io/link.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TCP_PORT 9100    /* raw printing, on every network receipt printer */

static const char *const flows[] = { "none", "xonxoff", "rtscts" };

static const int bauds[] = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600 };

/* Digits alone, up to most; -1 when it is not that. */
static int read_number(const char *text, int most)
{
	long value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
		if (value > most)
			return -1;
	}
	return (int)value;
}

static enum zg_result copy_path(const char *text, size_t length, struct zg_link_address *address, struct zg_error *err)
{
	if (length == 0 || text[0] != '/')
		return zg_fail(err, ZG_USAGE, _("The device's path must start with “/”, as in serial:/dev/ttyUSB0."));
	if (length >= sizeof(address->target))
		return zg_fail(err, ZG_USAGE, _("The device's path is too long."));
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return zg_fail(err, ZG_USAGE, _("The device's path has a character that cannot be in one."));
	memcpy(address->target, text, length);
	address->target[length] = '\0';
	return ZG_OK;
}

static bool is_baud(int baud)
{
	for (size_t i = 0; i < sizeof(bauds) / sizeof(bauds[0]); i++)
		if (bauds[i] == baud)
			return true;
	return false;
}

static bool read_flow(const char *value, enum zg_link_flow *flow)
{
	for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
		if (strcmp(value, flows[i]) == 0) {
			*flow = (enum zg_link_flow)i;
			return true;
		}
	}
	return false;
}

static enum zg_result read_setting(const char *key, const char *value, struct zg_link_mode *mode, struct zg_error *err)
{
	if (strcmp(key, "baud") == 0) {
		mode->baud = read_number(value, INT_MAX / 16);
		if (!is_baud(mode->baud))
			return zg_fail(err, ZG_USAGE, _("“%s” is not a speed of serial ports. Common ones are 9600, 19200, 38400 "
							"and 115200; the printer's self-test shows its own."), value);
	} else if (strcmp(key, "parity") == 0) {
		if (strlen(value) != 1 || !strchr("NEOneo", value[0]))
			return zg_fail(err, ZG_USAGE, _("parity is N (none), E (even) or O (odd), not “%s”."), value);
		mode->parity = (char)(value[0] & ~0x20);
	} else if (strcmp(key, "bits") == 0) {
		mode->bits = read_number(value, 8);
		if (mode->bits != 7 && mode->bits != 8)
			return zg_fail(err, ZG_USAGE, _("bits is 7 or 8, not “%s”."), value);
	} else if (strcmp(key, "stop") == 0) {
		mode->stop = read_number(value, 2);
		if (mode->stop != 1 && mode->stop != 2)
			return zg_fail(err, ZG_USAGE, _("stop is 1 or 2, not “%s”."), value);
	} else if (strcmp(key, "flow") == 0) {
		if (!read_flow(value, &mode->flow))
			return zg_fail(err, ZG_USAGE, _("flow is none, xonxoff or rtscts, not “%s”."), value);
	} else {
		return zg_fail(err, ZG_USAGE, _("A serial port has no setting “%s”. There are baud, parity, bits, stop and flow."),
			       key);
	}
	return ZG_OK;
}

/* "baud=9600&parity=N" */
static enum zg_result read_settings(const char *text, struct zg_link_mode *mode, struct zg_error *err)
{
	while (*text) {
		size_t length = strcspn(text, "&");
		char setting[64];

		if (length >= sizeof(setting))
			return zg_fail(err, ZG_USAGE, _("A setting after “?” is too long."));
		memcpy(setting, text, length);
		setting[length] = '\0';
		char *value = strchr(setting, '=');

		if (!value)
			return zg_fail(err, ZG_USAGE, _("“%s” after “?” is not a setting. One looks like baud=9600."), setting);
		*value++ = '\0';
		enum zg_result result = read_setting(setting, value, mode, err);

		if (result != ZG_OK)
			return result;
		text += length;
		if (*text == '&')
			text++;
	}
	return ZG_OK;
}

static bool is_host(const char *host, bool in_brackets)
{
	if (!*host || *host == '-')
		return false;
	for (; *host; host++) {
		bool fits = (*host >= '0' && *host <= '9') || (*host >= 'a' && *host <= 'z') ||
			    (*host >= 'A' && *host <= 'Z') || *host == '.' || *host == '-' || *host == '_';

		if (!fits && !(in_brackets && (*host == ':' || *host == '%')))
			return false;
	}
	return true;
}

static enum zg_result read_tcp(const char *text, struct zg_link_address *address, struct zg_error *err)
{
	bool in_brackets = text[0] == '[';
	const char *host = in_brackets ? text + 1 : text;
	size_t length = strcspn(host, in_brackets ? "]" : ":");
	const char *rest = host + length;

	if (length >= sizeof(address->target))
		return zg_fail(err, ZG_USAGE, _("The host's name is too long."));
	memcpy(address->target, host, length);
	address->target[length] = '\0';
	if ((in_brackets && *rest++ != ']') || !is_host(address->target, in_brackets))
		return zg_fail(err, ZG_USAGE, _("“%s” is not a host. It looks like tcp:192.168.1.50:9100."), text);
	address->port = TCP_PORT;
	if (*rest) {
		address->port = *rest == ':' ? read_number(rest + 1, 65535) : -1;
		if (address->port < 1)
			return zg_fail(err, ZG_USAGE, _("“%s” has no port from 1 to 65535. It looks like tcp:192.168.1.50:9100."),
				       text);
	}
	return ZG_OK;
}

enum zg_result zg_link_parse(const char *text, const struct zg_link_mode *mode, struct zg_link_address *address,
			     struct zg_error *err)
{
	static const struct zg_link_mode usual = { .baud = 9600, .bits = 8, .parity = 'N', .stop = 1 };
	struct zg_link_address read = { .mode = mode ? *mode : usual };
	enum zg_result result;

	if (strncmp(text, "serial:", 7) == 0) {
		const char *settings = strchr(text + 7, '?');
		size_t length = settings ? (size_t)(settings - text - 7) : strlen(text + 7);

		read.kind = ZG_LINK_SERIAL;
		result = copy_path(text + 7, length, &read, err);
		if (result == ZG_OK && settings)
			result = read_settings(settings + 1, &read.mode, err);
	} else if (strncmp(text, "tcp:", 4) == 0) {
		read.kind = ZG_LINK_TCP;
		result = read_tcp(text + 4, &read, err);
	} else if (strncmp(text, "file:", 5) == 0) {
		read.kind = ZG_LINK_FILE;
		result = copy_path(text + 5, strlen(text + 5), &read, err);
	} else {
		return zg_fail(err, ZG_USAGE, _("“%.80s” is not a device. One looks like serial:/dev/ttyUSB0?baud=9600, "
						"tcp:192.168.1.50:9100 or file:/dev/usb/lp0."), text);
	}
	if (result == ZG_OK)
		*address = read;
	return result;
}

const char *zg_link_format(char text[ZG_LINK_TEXT], const struct zg_link_address *address)
{
	const struct zg_link_mode *mode = &address->mode;
	bool in_brackets = strpbrk(address->target, ":%") != NULL;    /* a host has neither outside of them */

	switch (address->kind) {
	case ZG_LINK_SERIAL:
		snprintf(text, ZG_LINK_TEXT, "serial:%s?baud=%d&parity=%c&bits=%d&stop=%d&flow=%s", address->target,
			 mode->baud, mode->parity, mode->bits, mode->stop, flows[mode->flow]);
		break;
	case ZG_LINK_TCP:
		snprintf(text, ZG_LINK_TEXT, in_brackets ? "tcp:[%s]:%d" : "tcp:%s:%d", address->target, address->port);
		break;
	case ZG_LINK_FILE:
		snprintf(text, ZG_LINK_TEXT, "file:%s", address->target);
		break;
	}
	return text;
}
