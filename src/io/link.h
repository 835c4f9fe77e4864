/*
 * A line of bytes to one device: a serial port, a network printer, a USB printer.
 *
 * A link opens itself, notices when the device is gone, and opens it again when it is back, looking up the
 * stable name each time. It carries bytes and knows nothing of what they mean. What was queued when a device
 * went away is thrown away, never sent again by itself: the till asks or tells what became of it.
 */
#ifndef ZG_IO_LINK_H
#define ZG_IO_LINK_H

#include "src/base/result.h"
#include "src/io/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_LINK_TARGET 256             /* bytes of a path or host, the NUL included */
#define ZG_LINK_TEXT   320             /* bytes of an address written out, the NUL included */
#define ZG_LINK_QUEUE  (1024 * 1024)   /* the most bytes that may wait in a link */
#define ZG_LINK_DOUBT_MS 20000         /* until a network device that does not answer any more counts as gone */

enum zg_link_kind { ZG_LINK_SERIAL, ZG_LINK_TCP, ZG_LINK_FILE };
enum zg_link_flow { ZG_LINK_FLOW_NONE, ZG_LINK_FLOW_XONXOFF, ZG_LINK_FLOW_RTSCTS };

/* Line settings of a serial port. */
struct zg_link_mode {
	int baud;                  /* 300 to 921600 */
	int bits;                  /* 7 or 8 */
	char parity;               /* 'N', 'E' or 'O' */
	int stop;                  /* 1 or 2 */
	enum zg_link_flow flow;
};

struct zg_link_address {
	enum zg_link_kind kind;
	char target[ZG_LINK_TARGET];    /* an absolute path, or a host name or number */
	int port;                       /* of ZG_LINK_TCP */
	struct zg_link_mode mode;       /* of ZG_LINK_SERIAL */
};

/*
 * Reads an address:
 *     serial:/dev/serial/by-id/NAME?baud=9600&parity=N&bits=8&stop=1&flow=none|xonxoff|rtscts
 *     tcp:HOST[:9100]    tcp:[2001:db8::1]:9100
 *     file:/dev/usb/lp0
 * `mode` gives the settings that a serial address leaves out; NULL: 9600 8N1, no flow control.
 * ZG_USAGE: it is none of these; err says what is wrong with it and how one looks. address is then unchanged.
 */
enum zg_result zg_link_parse(const char *text, const struct zg_link_mode *mode, struct zg_link_address *address,
			     struct zg_error *err);
/* Writes an address out, all settings included. Returns text. */
const char *zg_link_format(char text[ZG_LINK_TEXT], const struct zg_link_address *address);

enum zg_link_state {
	ZG_LINK_ABSENT,     /* not there: unplugged, switched off, not reached */
	ZG_LINK_OPENING,
	ZG_LINK_READY,
	ZG_LINK_FAILED,     /* there, but not for us: no permission, busy, wrong kind. Tried again all the same */
};

struct zg_link;

/* All run in the loop; any may be NULL; none is called from inside a zg_link_ function. A callback may close its link. */
struct zg_link_events {
	/* The state, or the problem, changed. After a loss the link stays ABSENT or FAILED while it tries again, up to READY. */
	void (*state)(void *self, enum zg_link_state state);
	void (*bytes)(void *self, const char *bytes, size_t length);
	void (*drained)(void *self);    /* the queue, and the kernel's as far as it tells, have just become empty */
};

/* Never fails and never waits: opening starts in the loop, and the first state is ZG_LINK_OPENING. Copies address and events. */
struct zg_link *zg_link_open(struct zg_loop *loop, const struct zg_link_address *address,
			     const struct zg_link_events *events, void *self);
/* Closes at once; what is queued is lost. NULL is allowed. */
void zg_link_close(struct zg_link *link);

enum zg_link_state zg_link_state(const struct zg_link *link);
const struct zg_link_address *zg_link_address(const struct zg_link *link);
/*
 * Why it is absent or failed, a sentence with what to do; "" when ready or not tried yet.
 * Borrowed until the state next changes.
 */
const char *zg_link_problem(const struct zg_link *link);

/*
 * Queues bytes (copied) behind those that wait. ZG_OFFLINE: not ready, nothing was queued.
 * ZG_INVALID: more than ZG_LINK_QUEUE would wait, nothing was queued. Sent is not printed.
 */
enum zg_result zg_link_send(struct zg_link *link, const void *bytes, size_t length, struct zg_error *err);
/* Bytes that are still here or in the kernel. */
size_t zg_link_queued(const struct zg_link *link);
/* Bytes that have left since the link last became ready, as far as the kernel tells; kept after it is lost. */
uint64_t zg_link_written(const struct zg_link *link);
/*
 * After a loss: for how long the device may have been gone before it was noticed. 0 for a port, which tells at once; up to
 * ZG_LINK_DOUBT_MS for a network printer, whose pulled cable shows only in that nothing is answered. -1: the network printer had
 * taken every byte and then ended the connection in order, so it was still there.
 */
int64_t zg_link_doubt_ms(const struct zg_link *link);
/* Throws away what is queued here; what the kernel holds still goes out. */
void zg_link_drop(struct zg_link *link);
/* Closes the device and opens it again now, without the back-off; for "try again" of a person. */
void zg_link_reopen(struct zg_link *link);

/* A port that a device may be plugged into, for `printer list` and the set-up screen. Texts are "" when not known. */
struct zg_port {
	char address[ZG_LINK_TARGET];    /* "serial:..." or "file:...", by its most lasting name */
	char path[ZG_LINK_TARGET];       /* "/dev/ttyUSB0" */
	char by_id[ZG_LINK_TARGET];      /* the link in /dev/serial/by-id */
	char by_path[ZG_LINK_TARGET];    /* the link in /dev/serial/by-path */
	char product[128], maker[128], serial[128];    /* as the device says it: clean it before it is shown */
	int vendor_id, product_id;       /* -1: not a USB device */
};

/* All ports there are now, sorted by path; the caller frees the array. Reads sysfs; may take some ms: not while selling. */
struct zg_port *zg_port_list(size_t *count);
#endif
