#include "src/io/link.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(address, what_an_admin_writes_is_read_and_written_back_in_full)
{
	static const struct { const char *text, *back; } cases[] = {
		{ "serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0?baud=9600&parity=N&bits=8&stop=1&flow=none" },
		{ "serial:/dev/ttyUSB0?", "serial:/dev/ttyUSB0?baud=9600&parity=N&bits=8&stop=1&flow=none" },
		{ "serial:/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0?baud=115200&flow=rtscts",
		  "serial:/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0?baud=115200&parity=N&bits=8&stop=1&flow=rtscts" },
		{ "serial:/dev/ttyS0?bits=7&parity=e&stop=2&flow=xonxoff",
		  "serial:/dev/ttyS0?baud=9600&parity=E&bits=7&stop=2&flow=xonxoff" },
		{ "tcp:192.168.1.50", "tcp:192.168.1.50:9100" },
		{ "tcp:printer.shop.lan:9101", "tcp:printer.shop.lan:9101" },
		{ "tcp:[2001:db8::1]", "tcp:[2001:db8::1]:9100" },
		{ "tcp:[::1]:80", "tcp:[::1]:80" },
		{ "tcp:[fe80::1%eth0]", "tcp:[fe80::1%eth0]:9100" }, { "tcp:[lan%eth0]", "tcp:[lan%eth0]:9100" },
		{ "file:/dev/usb/lp0", "file:/dev/usb/lp0" },
		{ "file:/tmp/a?b=c", "file:/tmp/a?b=c" },
	};
	struct zg_link_address address, again;
	char text[ZG_LINK_TEXT], twice[ZG_LINK_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert(eq(int, zg_link_parse(cases[i].text, NULL, &address, NULL), ZG_OK), "%s", cases[i].text);
		cr_expect(eq(str, (char *)zg_link_format(text, &address), (char *)cases[i].back));
		cr_assert(eq(int, zg_link_parse(text, NULL, &again, NULL), ZG_OK));
		cr_expect(eq(str, (char *)zg_link_format(twice, &again), text));
	}
}

Test(address, what_is_not_a_device_is_refused_with_a_sentence)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "", "not a device" }, { "/dev/ttyUSB0", "not a device" }, { "usb:1", "not a device" },
		{ "serial:", "start with" }, { "serial:ttyUSB0", "start with" }, { "serial:?baud=9600", "start with" },
		{ "serial:/dev/tty\n", "character" },
		{ "serial:/dev/ttyS0?baud=9601", "“9601”" }, { "serial:/dev/ttyS0?baud=", "speed" },
		{ "serial:/dev/ttyS0?baud=-9600", "speed" }, { "serial:/dev/ttyS0?baud=99999999999999999999", "speed" },
		{ "serial:/dev/ttyS0?parity=X", "parity" }, { "serial:/dev/ttyS0?parity=", "parity" },
		{ "serial:/dev/ttyS0?bits=9", "bits" }, { "serial:/dev/ttyS0?stop=3", "stop" },
		{ "serial:/dev/ttyS0?flow=dtr", "rtscts" }, { "serial:/dev/ttyS0?speed=9600", "“speed”" },
		{ "serial:/dev/ttyS0?baud", "baud=9600" },
		{ "tcp:", "host" }, { "tcp::9100", "host" }, { "tcp:a b", "host" }, { "tcp:-h", "host" }, { "tcp:[::1", "host" },
		{ "tcp:host:", "port" }, { "tcp:host:0", "port" }, { "tcp:host:65536", "port" }, { "tcp:host:9100x", "port" },
		{ "tcp:[::1]9100", "port" }, { "tcp:::1", "host" },
		{ "file:", "start with" }, { "file:relative", "start with" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_link_address address = { .port = 42 };
		struct zg_error err = { 0 };

		cr_expect(eq(int, zg_link_parse(cases[i].text, NULL, &address, &err), ZG_USAGE), "%s", cases[i].text);
		cr_expect(strstr(err.text, cases[i].says) != NULL, "%s: %s", cases[i].text, err.text);
		cr_expect(eq(int, address.port, 42));
	}
}

Test(address, a_path_that_is_too_long_is_refused_and_not_cut)
{
	char text[ZG_LINK_TARGET + 16] = "file:/";
	struct zg_link_address address;

	memset(text + 6, 'a', ZG_LINK_TARGET - 2);
	cr_expect(eq(int, zg_link_parse(text, NULL, &address, NULL), ZG_OK));
	text[6 + ZG_LINK_TARGET - 2] = 'a';
	cr_expect(eq(int, zg_link_parse(text, NULL, &address, NULL), ZG_USAGE));
}

Test(address, a_driver_s_line_settings_stand_unless_the_address_says_otherwise)
{
	static const struct zg_link_mode scale = { .baud = 2400, .bits = 7, .parity = 'E', .stop = 1 };
	struct zg_link_address address;

	cr_assert(eq(int, zg_link_parse("serial:/dev/ttyS0?parity=O", &scale, &address, NULL), ZG_OK));
	cr_expect(eq(int, address.mode.baud, 2400));
	cr_expect(eq(int, address.mode.bits, 7));
	cr_expect(eq(int, address.mode.parity, 'O'));
}
