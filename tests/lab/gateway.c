#include "tests/lab/gateway.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#define PORT_TEXT "65511"    /* stands in the settings that the simulator writes; the port that it got takes its place */

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("gateway: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

static char *program(void)
{
	const char *build = getenv("ZG_BUILD");

	return zg_print("%s/tests/lab/zhanggui-sim", build ? build : ".");
}

static void make_keys(const char *keys)
{
	char *path = program(), *line = zg_print("'%s' gateway --make-shop '%s' --port " PORT_TEXT " >/dev/null", path, keys);

	must(system(line) == 0, "the simulator makes no keys");
	free(line);
	free(path);
}

/* Its pay.conf, with each address that it was made for replaced by the next one. */
static char *settings_for(const char *keys, const char *const urls[3])
{
	static const char made[] = "http://127.0.0.1:" PORT_TEXT;
	char *path = zg_print("%s/pay.conf", keys), block[8192];
	FILE *file = fopen(path, "r");
	struct zg_buffer text = { 0 };
	const char *at = block, *found;

	must(file != NULL, "no pay.conf");
	size_t length = fread(block, 1, sizeof(block) - 1, file);

	block[length] = '\0';
	for (int i = 0; i < 3 && (found = strstr(at, made)) != NULL; i++, at = found + strlen(made)) {
		zg_buffer_add(&text, at, (size_t)(found - at));
		zg_buffer_add_text(&text, urls[i]);
	}
	zg_buffer_add_text(&text, at);
	fclose(file);
	free(path);
	return zg_buffer_take(&text);
}

char *gateway_nowhere(const char *place, const char *const urls[3])
{
	char *keys = zg_print("%s/gate", place);

	make_keys(keys);
	char *settings = settings_for(keys, urls);

	free(keys);
	return settings;
}

static void start(struct gateway *gateway, uint64_t seed)
{
	int in[2], out[2];
	char *path = program(), lot[32];

	snprintf(lot, sizeof(lot), "%llu", (unsigned long long)(seed % 1000000007));
	must(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "no pipe");
	gateway->pid = fork();
	if (gateway->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(path, path, "gateway", "--keys", gateway->keys, "--ledger", gateway->ledger, "--log", gateway->log, "--seed", lot, "--until-eof",
		      (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	gateway->to = fdopen(in[1], "w");
	gateway->from = fdopen(out[0], "r");
	free(path);
}

/* "ready http://127.0.0.1:PORT" */
static char *read_settings(struct gateway *gateway)
{
	char line[256];

	must(fgets(line, sizeof(line), gateway->from) && strncmp(line, "ready http", 10) == 0, "the simulator does not start");
	line[strcspn(line, "\n")] = '\0';
	return settings_for(gateway->keys, (const char *const[]){ line + 6, line + 6, line + 6 });
}

void gateway_open(struct gateway *gateway, const char *place, uint64_t seed)
{
	*gateway = (struct gateway){ .keys = zg_print("%s/gate", place), .ledger = zg_print("%s/ledger", place), .log = zg_print("%s/requests", place) };
	signal(SIGPIPE, SIG_IGN);
	make_keys(gateway->keys);
	start(gateway, seed);
	gateway->settings = read_settings(gateway);
}

void gateway_close(struct gateway *gateway)
{
	fclose(gateway->to);
	fclose(gateway->from);
	waitpid(gateway->pid, NULL, 0);
	free(gateway->keys);
	free(gateway->ledger);
	free(gateway->log);
	free(gateway->settings);
	*gateway = (struct gateway){ 0 };
}

void gateway_ask(struct gateway *gateway, const char *line, char *answer, size_t size)
{
	fprintf(gateway->to, "%s\n", line);
	fflush(gateway->to);
	must(fgets(answer, (int)size, gateway->from) != NULL, "the simulator is gone");
	answer[strcspn(answer, "\n")] = '\0';
}

void gateway_tell(void *self, const char *line)
{
	char answer[512];

	gateway_ask(self, line, answer, sizeof(answer));
	must(strncmp(answer, "ok ", 3) == 0, line);
}
