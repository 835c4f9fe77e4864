/* zhanggui-sim gateway: the payment gateways on sockets of this machine, and the customer behind them. */
#include "contrib/sim/commands.h"
#include "contrib/sim/ends.h"
#include "contrib/sim/gate_http.h"
#include "contrib/sim/gate_make.h"
#include "contrib/sim/gateway_options.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MOST 4096
#define TURN_MS   200     /* the ledger is never older than this */

struct gateway {
	const struct gateway_wish *wish;
	struct gate_shop *shop;
	struct gate *gate;
	struct gate_http *http;
	int log, signals, input;    /* -1: none */
	struct zg_buffer text;      /* of the input, up to a whole line */
	bool quit;
};

static void log_request(void *self, const struct gate_request *request, const struct gate_reply *reply)
{
	static const char *const wires[] = { "whole", "dropped", "cut", "drips" };
	struct gateway *gateway = self;
	json_t *row = zg_json_object();
	char path[512];

	gate_path(request, path, sizeof(path));
	zg_json_set_integer(row, "at_ms", gate_now(gateway->gate));
	zg_json_set_string(row, "method", request->method);
	zg_json_set_string(row, "path", path);
	if (reply->is_known) {
		zg_json_set_string(row, "channel", gate_channel_name(reply->channel));
		zg_json_set_string(row, "call", gate_call_name(reply->call));
	}
	zg_json_set_string(row, "number", reply->number);
	zg_json_set_integer(row, "status", reply->status);
	zg_json_set_integer(row, "bytes", (int64_t)reply->body.length);
	zg_json_set_string(row, "wire", reply->hold_ms > 0 ? "held" : wires[reply->wire]);
	if (reply->fault)
		zg_json_set_string(row, "fault", reply->fault);
	if (*reply->rule) {
		zg_json_set_string(row, "rule", reply->rule);
		zg_json_set_string(row, "why", reply->why);
	}
	char *text = zg_json_text(row), *line = zg_print("%s\n", text);

	if (write(gateway->log, line, strlen(line)) < 0)
		gateway->log = -1;
	free(line);
	free(text);
	json_decref(row);
}

static void obey(struct gateway *gateway, const char *line)
{
	struct zg_buffer answer = { 0 };

	if (strcmp(line, "quit") == 0) {
		gateway->quit = true;
		return;
	}
	if (*line && *line != '#')
		gate_obey(gateway->gate, line, &answer);
	fputs(zg_buffer_text(&answer), stdout);
	fflush(stdout);
	zg_buffer_clear(&answer);
}

static void obey_lines(struct gateway *gateway)
{
	char *end;

	while (gateway->text.length > 0 && (end = memchr(gateway->text.bytes, '\n', gateway->text.length)) != NULL) {
		size_t length = (size_t)(end - gateway->text.bytes);

		*end = '\0';
		obey(gateway, gateway->text.bytes);
		zg_buffer_drop(&gateway->text, length + 1);
	}
	if (gateway->text.length > LINE_MOST)
		zg_buffer_empty(&gateway->text);
}

static void hear(struct gateway *gateway)
{
	char bytes[1024];
	ssize_t count = read(gateway->input, bytes, sizeof(bytes));

	if (count > 0) {
		zg_buffer_add(&gateway->text, bytes, (size_t)count);
		obey_lines(gateway);
	} else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
		gateway->input = -1;
		gateway->quit = gateway->quit || gateway->wish->until_eof;
	}
}

static bool run_script(struct gateway *gateway, const char *path)
{
	char line[LINE_MOST];
	FILE *file = fopen(path, "re");
	bool good = true;

	if (!file) {
		fprintf(stderr, "zhanggui-sim: %s: %s\n", path, strerror(errno));
		return false;
	}
	while (good && fgets(line, sizeof(line), file)) {
		struct zg_buffer answer = { 0 };

		line[strcspn(line, "\r\n")] = '\0';
		good = !*line || *line == '#' || gate_obey(gateway->gate, line, &answer);
		if (!good)
			fprintf(stderr, "zhanggui-sim: %s: unknown '%s'\n", path, line);
		zg_buffer_clear(&answer);
	}
	fclose(file);
	return good;
}

/* ---- the loop ---- */

static void turn(struct gateway *gateway)
{
	int fds[2];
	int64_t wait = gate_http_wait(gateway->http), order = gate_order_wait(gateway->gate);

	if (order >= 0)
		order = zg_clock_wait(gateway->gate->clock, order);
	if (order >= 0 && (wait < 0 || order < wait))
		wait = order;
	if (wait < 0 || wait > TURN_MS)
		wait = TURN_MS;
	gate_http_fds(gateway->http, fds);
	struct pollfd all[] = {
		{ .fd = fds[0], .events = POLLIN }, { .fd = fds[1], .events = POLLIN },
		{ .fd = gateway->input, .events = POLLIN }, { .fd = gateway->signals, .events = POLLIN },
	};

	if (poll(all, sizeof(all) / sizeof(all[0]), (int)wait) < 0)
		return;
	if (all[2].revents)
		hear(gateway);
	if (all[3].revents)
		gateway->quit = true;
	gate_http_run(gateway->http);
	if (gateway->gate->ledger.has_failed)
		gateway->quit = true;
}

static bool open_signals(struct gateway *gateway)
{
	gateway->signals = sim_ends_open();
	return gateway->signals >= 0;
}

static bool open_files(struct gateway *gateway)
{
	const struct gateway_wish *wish = gateway->wish;

	if (wish->log && (gateway->log = open(wish->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) < 0) {
		fprintf(stderr, "zhanggui-sim: %s: %s\n", wish->log, strerror(errno));
		return false;
	}
	if (!gate_ledger_open(&gateway->gate->ledger, wish->ledger)) {
		fprintf(stderr, "zhanggui-sim: %s: %s\n", wish->ledger, strerror(errno));
		return false;
	}
	return !wish->script || run_script(gateway, wish->script);
}

static bool open_servers(struct gateway *gateway)
{
	const struct gateway_wish *wish = gateway->wish;
	char why[512], *certificate = zg_copy(gateway->shop->server_certificate), *key = zg_copy(gateway->shop->server_key);
	bool good = true;

	if (wish->tls_dir) {
		good = gate_make_tls(wish->tls_dir, why, sizeof(why));
		free(certificate);
		free(key);
		certificate = zg_print("%s/server_certificate.pem", wish->tls_dir);
		key = zg_print("%s/server_key.pem", wish->tls_dir);
	}
	if (good)
		gateway->http = gate_http_open(gateway->gate, &(struct gate_http_wish){
			.port = wish->port, .https_port = wish->https_port, .certificate = certificate, .key = key,
			.heard = gateway->log >= 0 ? log_request : NULL, .self = gateway }, why, sizeof(why));
	if (!gateway->http)
		fprintf(stderr, "zhanggui-sim: %s\n", why);
	free(certificate);
	free(key);
	return gateway->http != NULL;
}

static bool start(struct gateway *gateway, const struct zg_clock *clock)
{
	char why[512];

	gateway->shop = gate_shop_read(gateway->wish->keys, why, sizeof(why));
	if (!gateway->shop) {
		fprintf(stderr, "zhanggui-sim: %s\n", why);
		return false;
	}
	gateway->gate = gate_new(clock, gateway->shop, gateway->wish->seed);
	return open_files(gateway) && open_signals(gateway) && open_servers(gateway);
}

static int make_shop(const struct gateway_wish *wish)
{
	char why[512];

	if (gate_shop_make(wish->make_shop, wish->port, wish->https_port, why, sizeof(why))) {
		printf("%s/pay.conf\n", wish->make_shop);
		return 0;
	}
	fprintf(stderr, "zhanggui-sim: %s\n", why);
	return 2;
}

int sim_gateway_command(const struct zg_clock *clock, int argc, char **argv)
{
	struct gateway_wish wish;
	struct gateway gateway = { .wish = &wish, .log = -1, .signals = -1, .input = STDIN_FILENO };
	int code = 2;

	if (!gateway_wish_read(&wish, argc, argv, &code))
		return code;
	if (wish.make_shop)
		return make_shop(&wish);
	if (start(&gateway, clock)) {
		printf("ready http://127.0.0.1:%d", gate_http_port(gateway.http));
		if (gate_https_port(gateway.http) > 0)
			printf(" https://127.0.0.1:%d", gate_https_port(gateway.http));
		printf("\n");
		fflush(stdout);
		while (!gateway.quit)
			turn(&gateway);
		code = gateway.gate->ledger.has_failed ? 5 : 0;
	}
	gate_http_close(gateway.http);
	gate_free(gateway.gate);
	gate_shop_free(gateway.shop);
	zg_buffer_clear(&gateway.text);
	if (gateway.log >= 0)
		close(gateway.log);
	if (gateway.signals >= 0)
		close(gateway.signals);
	return code;
}
