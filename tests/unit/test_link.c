#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/io/link.h"
#include "src/io/private.h"
#include "tests/unit/scratch.h"
#include "tests/unit/waiting.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* The other end of a pseudo-terminal, and a link's path that leads to it. */
struct device {
	int master, slave;
	char *path;
};

struct heard {
	struct zg_loop *loop;
	struct zg_link *link;
	struct zg_buffer bytes;
	int states, drained, ready, ticks;
	bool close_at_bytes;
};

static void state(void *self, enum zg_link_state now)
{
	struct heard *heard = self;

	heard->states++;
	heard->ready += now == ZG_LINK_READY;
}

static void bytes(void *self, const char *more, size_t length)
{
	struct heard *heard = self;

	zg_buffer_add(&heard->bytes, more, length);
	if (heard->close_at_bytes) {
		zg_link_close(heard->link);
		heard->link = NULL;
	}
}

static void drained(void *self)
{
	((struct heard *)self)->drained++;
}

static const struct zg_link_events events = { .state = state, .bytes = bytes, .drained = drained };

static void plug_in(struct device *device)
{
	cr_assert(eq(int, openpty(&device->master, &device->slave, NULL, NULL, NULL), 0));
	unlink(device->path);
	cr_assert(eq(int, symlink(ttyname(device->slave), device->path), 0));
	fcntl(device->master, F_SETFL, O_NONBLOCK);
}

static void unplug(struct device *device)
{
	close(device->master);
	close(device->slave);
	unlink(device->path);
}

static struct zg_link *open_link(struct zg_loop *loop, struct heard *heard, const char *text)
{
	struct zg_link_address address;
	struct zg_error err = { 0 };

	cr_assert(eq(int, zg_link_parse(text, NULL, &address, &err), ZG_OK), "%s", err.text);
	heard->loop = loop;
	return heard->link = zg_link_open(loop, &address, &events, heard);
}

static bool is_ready(const struct heard *heard)
{
	return zg_link_state(heard->link) == ZG_LINK_READY;
}

/* Reads what has come out at the device; the count so far. */
static size_t take(int fd, struct zg_buffer *out)
{
	char some[4096];
	ssize_t got;

	while ((got = read(fd, some, sizeof(some))) > 0)
		zg_buffer_add(out, some, (size_t)got);
	return out->length;
}

static void end(struct zg_loop *loop, struct heard *heard)
{
	zg_link_close(heard->link);
	zg_buffer_clear(&heard->bytes);
	zg_loop_free(loop);
}

static void both_ways(const char *kind)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("%s:%s", kind, device.path);
	struct zg_buffer out = { 0 };
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	cr_expect(eq(int, zg_link_state(heard.link), ZG_LINK_OPENING));
	cr_expect(eq(int, zg_link_send(heard.link, "x", 1, NULL), ZG_OFFLINE));
	wait_until(loop, is_ready(&heard));
	cr_expect(eq(int, zg_link_send(heard.link, "\x1b@\r\n\x11\x13", 6, NULL), ZG_OK));
	wait_until(loop, take(device.master, &out) == 6 && heard.drained == 1);
	cr_expect(eq(int, memcmp(out.bytes, "\x1b@\r\n\x11\x13", 6), 0));    /* raw: nothing is changed on the way */
	cr_expect(eq(long, (long)zg_link_written(heard.link), 6));
	cr_expect(eq(long, (long)zg_link_queued(heard.link), 0));
	cr_assert(eq(long, write(device.master, "\x12\r\x03", 3), 3));
	wait_until(loop, heard.bytes.length == 3);
	cr_expect(eq(int, memcmp(heard.bytes.bytes, "\x12\r\x03", 3), 0));
	zg_buffer_clear(&out);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, bytes_go_both_ways_over_a_serial_line)
{
	both_ways("serial");
}

Test(link, bytes_go_both_ways_over_a_device_file)
{
	both_ways("file");
}

static void tick(void *self)
{
	struct heard *heard = self;

	heard->ticks++;
	zg_timer_add(heard->loop, 1, tick, heard);
}

/* A printer that takes nothing holds up only itself; then every byte arrives, once and in order. */
Test(link, a_stalled_device_stops_nothing_and_loses_nothing)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	size_t size = 200000;
	unsigned char *sent = zg_alloc(size, 1);
	struct zg_buffer out = { 0 };
	struct heard heard = { 0 };

	for (size_t i = 0; i < size; i++)
		sent[i] = (unsigned char)(i * 7 + i / 251);
	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	cr_assert(eq(int, zg_link_send(heard.link, sent, size, NULL), ZG_OK));
	tick(&heard);
	wait_until(loop, heard.ticks >= 50);
	cr_expect(lt(long, (long)zg_link_written(heard.link), (long)size));
	cr_expect(gt(long, (long)zg_link_written(heard.link), 0));
	cr_expect(eq(int, heard.drained, 0));
	wait_until(loop, take(device.master, &out) == size && heard.drained == 1);
	cr_expect(eq(int, memcmp(out.bytes, sent, size), 0));
	cr_expect(eq(long, (long)zg_link_written(heard.link), (long)size));
	zg_buffer_clear(&out);
	free(sent);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, too_much_at_once_is_refused_whole_and_what_waits_can_be_dropped)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	char *lot = zg_alloc(ZG_LINK_QUEUE, 1);
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	cr_expect(eq(int, zg_link_send(heard.link, "x", 1, NULL), ZG_OK));
	cr_expect(eq(int, zg_link_send(heard.link, lot, ZG_LINK_QUEUE, NULL), ZG_INVALID));
	cr_expect(eq(long, (long)zg_link_queued(heard.link), 1));
	cr_expect(eq(int, zg_link_send(heard.link, lot, ZG_LINK_QUEUE - 1, NULL), ZG_OK));
	zg_link_drop(heard.link);
	cr_expect(eq(long, (long)zg_link_queued(heard.link), 0));
	free(lot);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, a_device_that_is_pulled_out_comes_back_under_its_name)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	struct zg_buffer out = { 0 };
	struct heard heard = { 0 };

	open_link(loop, &heard, text);
	wait_until(loop, zg_link_state(heard.link) == ZG_LINK_ABSENT);
	cr_expect(strstr(zg_link_problem(heard.link), device.path) != NULL);
	plug_in(&device);
	zg_link_reopen(heard.link);
	wait_until(loop, is_ready(&heard));
	cr_expect(eq(str, (char *)zg_link_problem(heard.link), ""));
	cr_assert(eq(int, zg_link_send(heard.link, "first", 5, NULL), ZG_OK));
	wait_until(loop, take(device.master, &out) == 5);
	unplug(&device);
	wait_until(loop, zg_link_state(heard.link) == ZG_LINK_ABSENT);
	cr_expect(eq(long, zg_link_doubt_ms(heard.link), 0));
	cr_expect(eq(long, (long)zg_link_written(heard.link), 5));
	cr_expect(eq(int, zg_link_send(heard.link, "lost", 4, NULL), ZG_OFFLINE));
	plug_in(&device);
	wait_until(loop, is_ready(&heard));    /* by itself, after a second */
	cr_expect(eq(int, heard.ready, 2));
	zg_buffer_empty(&out);
	cr_assert(eq(int, zg_link_send(heard.link, "again", 5, NULL), ZG_OK));
	wait_until(loop, take(device.master, &out) == 5);
	cr_expect(eq(str, out.bytes, "again"));
	zg_buffer_clear(&out);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, a_thousand_reopenings_leave_no_descriptor_behind)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	int before = count_descriptors();

	for (int i = 0; i < 1000; i++) {
		zg_link_reopen(heard.link);
		wait_until(loop, is_ready(&heard));
	}
	cr_expect(eq(int, heard.ready, 1001));
	cr_expect(eq(int, count_descriptors(), before));
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

/* A link that spins would empty a battery and a core; whatever its state, the loop sleeps. */
Test(link, a_link_with_nothing_to_do_lets_the_loop_sleep)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	for (int is_out = 0; is_out < 2; is_out++) {
		int64_t end_ms = zg_loop_running(loop) + 300;
		int steps = 0;

		for (; zg_loop_running(loop) < end_ms; steps++)
			zg_loop_step(loop, 100);
		cr_expect(lt(int, steps, 20));
		if (!is_out)
			unplug(&device);
	}
	end(loop, &heard);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, a_callback_may_close_its_own_link)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	struct heard heard = { .close_at_bytes = true };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	cr_assert(eq(int, zg_link_send(heard.link, "out", 3, NULL), ZG_OK));
	cr_assert(eq(long, write(device.master, "in", 2), 2));
	wait_until(loop, heard.link == NULL);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, a_port_that_another_link_has_is_busy)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	struct heard first = { 0 }, second = { 0 };

	plug_in(&device);
	open_link(loop, &first, text);
	wait_until(loop, is_ready(&first));
	open_link(loop, &second, text);
	wait_until(loop, zg_link_state(second.link) == ZG_LINK_FAILED);
	cr_expect(strstr(zg_link_problem(second.link), "Another program") != NULL);
	zg_link_close(second.link);
	zg_buffer_clear(&second.bytes);
	end(loop, &first);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

/* The line is set as the manual says; a pseudo-terminal keeps all of it but 7 bits and parity. */
Test(link, the_line_is_set_in_every_flag)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s?baud=19200&parity=E&bits=7&stop=2&flow=rtscts", device.path);
	struct termios line;
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	cr_assert(eq(int, tcgetattr(device.slave, &line), 0));
	cr_expect(eq(long, cfgetospeed(&line), B19200));
	cr_expect(eq(long, line.c_cflag & (CRTSCTS | CSTOPB | CREAD | CLOCAL | HUPCL), CRTSCTS | CSTOPB | CREAD | CLOCAL));
	cr_expect(eq(long, line.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0));
	cr_expect(eq(long, line.c_iflag & (IXON | IXOFF | IXANY | INPCK | ICRNL | IGNPAR | PARMRK), INPCK));
	cr_expect(eq(long, line.c_oflag & OPOST, 0));
	cr_expect(eq(int, line.c_cc[VMIN], 1));
	cr_expect(eq(int, line.c_cc[VTIME], 0));
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

/* XOFF stops the till's bytes, and only XON lets them go on: a status byte in between does not. */
Test(link, a_printer_stops_and_releases_the_line_by_xoff_and_xon)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s?flow=xonxoff", device.path);
	struct zg_buffer out = { 0 };
	struct heard heard = { 0 };

	plug_in(&device);
	open_link(loop, &heard, text);
	wait_until(loop, is_ready(&heard));
	cr_assert(eq(long, write(device.master, "\x13\x16", 2), 2));
	wait_until(loop, heard.bytes.length == 1);    /* the status; XOFF was eaten */
	cr_assert(eq(int, zg_link_send(heard.link, "slip", 4, NULL), ZG_OK));
	tick(&heard);
	wait_until(loop, heard.ticks > 20);
	cr_expect(eq(long, (long)take(device.master, &out), 0));
	cr_assert(eq(long, write(device.master, "\x11", 1), 1));
	wait_until(loop, take(device.master, &out) == 4);
	zg_buffer_clear(&out);
	end(loop, &heard);
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

Test(link, a_plain_file_is_appended_to_and_never_made)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char *dir = scratch_begin();
	char *path = zg_print("%s/paper", dir);
	char *text = zg_print("file:%s", path);
	struct heard heard = { 0 };
	char back[16] = "";

	open_link(loop, &heard, text);
	wait_until(loop, zg_link_state(heard.link) == ZG_LINK_ABSENT);
	cr_expect(ne(int, access(path, F_OK), 0));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	cr_assert(eq(long, write(fd, "one ", 4), 4));
	zg_link_reopen(heard.link);
	wait_until(loop, is_ready(&heard));
	cr_assert(eq(int, zg_link_send(heard.link, "two", 3, NULL), ZG_OK));
	wait_until(loop, heard.drained == 1);
	cr_expect(eq(long, pread(fd, back, sizeof(back) - 1, 0), 7));
	cr_expect(eq(str, back, "one two"));
	close(fd);
	end(loop, &heard);
	free(text);
	free(path);
	scratch_end(dir);
}

Test(link, what_cannot_be_opened_is_told_in_a_sentence)
{
	static const struct { const char *text; enum zg_link_state state; const char *says; } cases[] = {
		{ "serial:/dev/nothing-like-this", ZG_LINK_ABSENT, "/dev/nothing-like-this is not there" },
		{ "serial:/dev/null", ZG_LINK_FAILED, "not a serial port" },
		{ "serial:/etc/passwd", ZG_LINK_FAILED, "not a serial port" },
		{ "file:/etc/passwd/x", ZG_LINK_ABSENT, "not there" },
		{ "file:/etc", ZG_LINK_FAILED, "no device" },
	};
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct heard heard = { 0 };

		open_link(loop, &heard, cases[i].text);
		wait_until(loop, zg_link_state(heard.link) != ZG_LINK_OPENING);
		cr_expect(eq(int, zg_link_state(heard.link), cases[i].state), "%s", cases[i].text);
		cr_expect(strstr(zg_link_problem(heard.link), cases[i].says) != NULL, "%s", zg_link_problem(heard.link));
		zg_link_close(heard.link);
	}
	zg_loop_free(loop);
}

Test(link, a_missing_permission_names_the_group_to_join)
{
	const struct group *dialout = getgrnam("dialout");
	struct stat about = { .st_mode = S_IFCHR | 0660, .st_gid = dialout ? dialout->gr_gid : 0 };
	struct zg_error err;

	if (dialout) {
		cr_expect(eq(int, zg_link_explain(EACCES, "/dev/ttyUSB0", &about, &err), ZG_LINK_FAILED));
		cr_expect(strstr(err.text, "group dialout") != NULL, "%s", err.text);
	}
	about.st_mode = S_IFCHR | 0600;
	about.st_uid = 0;
	cr_expect(eq(int, zg_link_explain(EACCES, "/dev/ttyUSB0", &about, &err), ZG_LINK_FAILED));
	cr_expect(strstr(err.text, "belongs to root") != NULL, "%s", err.text);
	cr_expect(eq(int, zg_link_explain(EACCES, "/dev/ttyUSB0", NULL, &err), ZG_LINK_FAILED));
	cr_expect(eq(int, zg_link_explain(EBUSY, "/dev/usb/lp0", NULL, &err), ZG_LINK_FAILED));
	cr_expect(eq(int, zg_link_explain(ENODEV, "/dev/usb/lp0", NULL, &err), ZG_LINK_ABSENT));
}

/* The kernel's own refusal, where the test may become another user. */
Test(link, a_port_of_others_is_refused_by_the_kernel_and_explained)
{
	char *dir = scratch_begin();
	struct device device = { .path = zg_print("%s/printer", dir) };
	char *text = zg_print("serial:%s", device.path);
	int status = 0;

	plug_in(&device);
	cr_assert(eq(int, fchmod(device.slave, 0660), 0));
	chmod(dir, 0755);
	pid_t child = fork();

	if (child == 0) {
		struct zg_link_address address;
		struct zg_error err = { 0 };
		int fd;

		zg_link_parse(text, NULL, &address, NULL);
		if (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0)
			_exit(77);
		enum zg_link_state now = zg_serial_open(&address, &fd, &err);

		_exit(now == ZG_LINK_FAILED && strstr(err.text, "may not use") ? 0 : 1);
	}
	waitpid(child, &status, 0);
	cr_expect(eq(int, WIFEXITED(status), 1));
	if (WEXITSTATUS(status) != 77)
		cr_expect(eq(int, WEXITSTATUS(status), 0));
	unplug(&device);
	free(text);
	free(device.path);
	scratch_end(dir);
}

/* -- network printers */

static int listen_on(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert(eq(int, bind(fd, (struct sockaddr *)&address, sizeof(address)), 0));
	cr_assert(eq(int, listen(fd, 4), 0));
	getsockname(fd, (struct sockaddr *)&address, &length);
	*port = ntohs(address.sin_port);
	return fd;
}

Test(link, a_network_printer_is_written_to_and_its_half_close_is_a_loss)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost" };    /* a number, and a name to be looked up */
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	int before = count_descriptors();

	for (size_t i = 0; i < 2; i++) {
		struct zg_buffer out = { 0 };
		struct heard heard = { 0 };
		int port, server = listen_on(&port);
		char *text = zg_print("tcp:%s:%d", hosts[i], port);

		open_link(loop, &heard, text);
		wait_until(loop, is_ready(&heard));
		int peer = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		cr_assert(eq(int, zg_link_send(heard.link, "slip", 4, NULL), ZG_OK));
		wait_until(loop, take(peer, &out) == 4 && heard.drained == 1);
		cr_expect(eq(long, (long)zg_link_written(heard.link), 4));
		cr_assert(eq(long, write(peer, "ok", 2), 2));
		shutdown(peer, SHUT_WR);
		wait_until(loop, zg_link_state(heard.link) == ZG_LINK_ABSENT);
		cr_expect(eq(str, (char *)zg_buffer_text(&heard.bytes), "ok"));    /* what came before it is not lost */
		cr_expect(strstr(zg_link_problem(heard.link), "ended the connection") != NULL);
		cr_expect(eq(long, zg_link_doubt_ms(heard.link), -1));    /* it had all */
		zg_link_close(heard.link);
		zg_buffer_clear(&heard.bytes);
		zg_buffer_clear(&out);
		close(peer);
		close(server);
		free(text);
	}
	cr_expect(eq(int, count_descriptors(), before));
	zg_loop_free(loop);
}

/* How much of what was sent may be lost with it. */
Test(link, a_network_printer_that_goes_leaves_its_doubt)
{
	static const struct { size_t bytes; bool is_reset; long doubt_ms; } cases[] = {
		{ 100, false, -1 }, { 100, true, ZG_LINK_DOUBT_MS }, { 900000, false, ZG_LINK_DOUBT_MS },
	};
	struct linger at_once = { .l_onoff = 1 };
	char *slip = zg_alloc(900000, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct zg_loop *loop = zg_loop_new(&zg_real_clock);
		struct heard heard = { 0 };
		int port, small = 4096, server = listen_on(&port);
		char *text = zg_print("tcp:127.0.0.1:%d", port), some[100];

		setsockopt(server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
		open_link(loop, &heard, text);
		wait_until(loop, is_ready(&heard));
		int peer = accept4(server, NULL, NULL, SOCK_CLOEXEC);

		cr_assert(eq(int, zg_link_send(heard.link, slip, cases[i].bytes, NULL), ZG_OK));
		wait_until(loop, zg_link_written(heard.link) > 0);
		cr_assert(eq(long, recv(peer, some, sizeof(some), MSG_WAITALL), 100));
		wait_until(loop, cases[i].bytes > 100 || heard.drained == 1);
		cr_expect(eq(int, zg_link_queued(heard.link) > 0, cases[i].bytes > 100));
		if (cases[i].is_reset)
			setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		shutdown(peer, cases[i].is_reset ? SHUT_RD : SHUT_WR);
		int rest = cases[i].is_reset ? -1 : dup(peer);    /* held open: the end is told, and no more */

		close(peer);
		wait_until(loop, zg_link_state(heard.link) == ZG_LINK_ABSENT);
		cr_expect(eq(long, zg_link_doubt_ms(heard.link), cases[i].doubt_ms), "case %zu", i);
		close(rest);
		close(server);
		end(loop, &heard);
		free(text);
	}
	free(slip);
}

Test(link, a_refused_connection_says_so_and_is_tried_again)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { 0 };
	int port, server = listen_on(&port);
	char *text = zg_print("tcp:127.0.0.1:%d", port);

	close(server);
	open_link(loop, &heard, text);
	wait_until(loop, zg_link_state(heard.link) == ZG_LINK_FAILED);
	cr_expect(strstr(zg_link_problem(heard.link), "does not take connections") != NULL);
	end(loop, &heard);
	free(text);
}

Test(link, a_name_that_nobody_knows_is_told_and_holds_nothing_up)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct heard heard = { 0 };

	open_link(loop, &heard, "tcp:no-such-printer.invalid:9100");
	wait_until(loop, zg_link_state(heard.link) != ZG_LINK_OPENING);
	cr_expect(eq(int, zg_link_state(heard.link), ZG_LINK_ABSENT));
	cr_expect(strstr(zg_link_problem(heard.link), "no-such-printer.invalid") != NULL);
	end(loop, &heard);
}

Test(link, the_ports_of_this_computer_have_addresses_that_can_be_read)
{
	size_t count = 0;
	struct zg_port *ports = zg_port_list(&count);
	struct zg_link_address address;

	for (size_t i = 0; i < count; i++) {
		cr_expect(eq(int, zg_link_parse(ports[i].address, NULL, &address, NULL), ZG_OK), "%s", ports[i].address);
		cr_expect(eq(int, ports[i].path[0], '/'));
	}
	free(ports);
}
