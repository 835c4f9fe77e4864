/* The real program on real sockets of the loopback: HTTP, HTTPS, what the line does to an answer, and the hand behind the scenes. */
#include "tests/sim/gate_bench.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CODE "130061098828009406"

static struct {
	pid_t pid;
	int in, out;              /* its standard input; its standard output */
	char http[64], https[64];
	char dir[64];
	struct gate_key *key;
	struct zg_buffer body, head;
	long status;
	int serial;
} world;

/* ---- the program ---- */

static void run_program(const char *const *arguments)
{
	int in[2], out[2];
	char line[256] = "";
	size_t length = 0;

	cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	world.pid = fork();
	if (world.pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(ZG_BUILD "/zhanggui-sim", (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	world.in = in[1];
	world.out = out[0];
	while (length + 1 < sizeof(line) && read(world.out, line + length, 1) == 1 && line[length] != '\n')
		length++;
	sscanf(line, "ready %63s %63s", world.http, world.https);
}

static void start(const char *keys)
{
	const char *const arguments[] = { "zhanggui-sim", "gateway", "--keys", keys, "--https-port", "0", "--tls", world.dir, "--until-eof", NULL };

	run_program(arguments);
	cr_assert(strncmp(world.https, "https://127.0.0.1:", 18) == 0, "%s", world.https);
}

static int stop(void)
{
	int status = -1;

	close(world.in);
	waitpid(world.pid, &status, 0);
	close(world.out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void open_world(void)
{
	snprintf(world.dir, sizeof(world.dir), "/tmp/zhanggui-gate-XXXXXX");
	cr_assert(mkdtemp(world.dir) != NULL);
	world.key = gate_key_private(GATE_FIXTURES "/TEST_ONLY_merchant_private_pkcs8.der.b64");
}

static void remove_dir(const char *dir)
{
	char *command = zg_print("rm -rf '%s'", dir);

	cr_expect(system(command) == 0);
	free(command);
}

static void close_world(void)
{
	remove_dir(world.dir);
	zg_buffer_clear(&world.body);
	zg_buffer_clear(&world.head);
	gate_key_free(world.key);
}

TestSuite(gate_http, .init = open_world, .fini = close_world, .timeout = 60);

/* ---- calls ---- */

static size_t add(char *bytes, size_t size, size_t count, void *self)
{
	zg_buffer_add(self, bytes, size * count);
	return size * count;
}

static CURL *handle(const char *url, struct curl_slist *headers, long timeout_ms)
{
	CURL *curl = curl_easy_init();

	zg_buffer_empty(&world.body);
	zg_buffer_empty(&world.head);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, add);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &world.body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, add);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &world.head);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	return curl;
}

static CURLcode perform(CURL *curl, struct curl_slist *headers)
{
	CURLcode result = curl_easy_perform(curl);

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &world.status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return result;
}

/* A signed v3 call; body NULL: GET. */
static CURLcode call(const char *base, const char *target, const char *body, long timeout_ms)
{
	char nonce[40];
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long at = time(NULL);

	snprintf(nonce, sizeof(nonce), "%016d%016d", getpid(), ++world.serial);
	zg_buffer_print(&message, "%s\n%s\n%lld\n%s\n%s\n", body ? "POST" : "GET", target, at, nonce, body ? body : "");
	gate_sign(world.key, message.bytes, message.length, &signature);
	char *url = zg_print("%s%s", base, target);
	char *authorization = zg_print("Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"1900009191\",nonce_str=\"%s\",timestamp=\"%lld\","
				       "serial_no=\"1DDE55AD98ED71D6EDD4A4A16996DE7B00000001\",signature=\"%s\"", nonce, at, signature.bytes);
	struct curl_slist *headers = curl_slist_append(NULL, authorization);

	headers = curl_slist_append(headers, "User-Agent: test");
	headers = curl_slist_append(headers, "Accept: application/json");
	CURL *curl = handle(url, headers, timeout_ms);
	char *ca = zg_print("%s/ca_certificate.pem", world.dir);

	curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	CURLcode result = perform(curl, headers);

	free(ca);
	free(url);
	free(authorization);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
	return result;
}

static CURLcode pay(const char *base, const char *number, const char *code, long timeout_ms)
{
	char *body = zg_print("{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\",\"description\":\"x\",\"out_trade_no\":\"%s\","
			      "\"payer\":{\"auth_code\":\"%s\"},\"amount\":{\"total\":100},\"scene_info\":{\"store_info\":{\"id\":\"1\"}}}", number, code);
	CURLcode result = call(base, "/v3/pay/transactions/codepay", body, timeout_ms);

	free(body);
	return result;
}

static const char *control(const char *line)
{
	char *url = zg_print("%s/sim/control", world.http);
	CURL *curl = handle(url, NULL, 10000);

	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, line);
	cr_expect(eq(int, perform(curl, NULL), CURLE_OK));
	free(url);
	return zg_buffer_text(&world.body);
}

static int ledger_lines(void)
{
	char *url = zg_print("%s/sim/ledger", world.http);
	int lines = 0;

	cr_expect(eq(int, perform(handle(url, NULL, 10000), NULL), CURLE_OK));
	for (size_t i = 0; i < world.body.length; i++)
		lines += world.body.bytes[i] == '\n';
	free(url);
	return lines;
}

/* ---- tests ---- */

Test(gate_http, takes_payments_over_http_and_https)
{
	start(GATE_FIXTURES);
	cr_expect(eq(int, pay(world.http, "POS01_HTTP", CODE, 10000), CURLE_OK));
	cr_expect(eq(long, world.status, 200));
	cr_expect(strstr(zg_buffer_text(&world.body), "\"trade_state\":\"SUCCESS\"") != NULL);
	cr_expect(strstr(zg_buffer_text(&world.head), "Date: ") != NULL);
	cr_expect(eq(int, pay(world.https, "POS01_HTTPS", "130061098828009407", 10000), CURLE_OK));
	cr_expect(eq(long, world.status, 200));
	cr_expect(eq(int, ledger_lines(), 2));
	cr_expect(eq(str, (char *)control("phone vanishes"), "ok phone vanishes\n"));
	control("nonsense");
	cr_expect(eq(long, world.status, 400));
	cr_expect(eq(int, stop(), 0));
}

Test(gate_http, the_line_breaks_as_ordered)
{
	static const struct { const char *fault; CURLcode result; } cases[] = {
		{ "fault wechat pay drop-before", CURLE_GOT_NOTHING }, { "fault wechat pay drop-after", CURLE_GOT_NOTHING },
		{ "fault wechat pay truncate", CURLE_PARTIAL_FILE },   { "fault wechat pay drip", CURLE_OPERATION_TIMEDOUT },
		{ "fault wechat pay delay=3000", CURLE_OPERATION_TIMEDOUT },
	};

	start(GATE_FIXTURES);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *number = zg_print("POS01_%zu", i + 100), *code = zg_print("1300610988280094%zu", i + 10);
		CURLcode result;

		control(cases[i].fault);
		result = pay(world.http, number, code, cases[i].result == CURLE_OPERATION_TIMEDOUT ? 300 : 10000);
		cr_expect(eq(int, result, cases[i].result), "%s", cases[i].fault);
		free(number);
		free(code);
	}
	cr_expect(eq(int, ledger_lines(), 4), "only the first left nothing");
	cr_expect(eq(int, stop(), 0));
}

Test(gate_http, a_held_request_is_carried_out_though_nobody_listens)
{
	start(GATE_FIXTURES);
	control("fault wechat pay hold=400");
	cr_expect(eq(int, pay(world.http, "POS01_HELD", CODE, 50), CURLE_OPERATION_TIMEDOUT));
	for (int i = 0; i < 100 && ledger_lines() == 0; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	cr_expect(eq(int, ledger_lines(), 1));
	control("fault wechat pay hold=3600000");
	cr_expect(eq(int, pay(world.http, "POS01_NEVER", "130061098828009407", 50), CURLE_OPERATION_TIMEDOUT));
	cr_expect(eq(int, stop(), 0), "it ends all the same");
}

/* The reverse of the vectors, with and without the merchant's certificate. */
Test(gate_http, giving_money_back_wants_the_certificate)
{
	json_t *all = gate_fixture("wechat_v2_sign.json");
	const json_t *vector = json_array_get(json_object_get(all, "vectors"), 3);
	struct gate_pairs pairs = { 0 };
	struct zg_buffer xml = { 0 };
	const char *name;
	json_t *value;
	char *url, *ca = zg_print("%s/ca_certificate.pem", world.dir), *pem = zg_print("%s/key.pem", world.dir);
	char *convert = zg_print("base64 -d " GATE_FIXTURES "/TEST_ONLY_merchant_private_pkcs8.der.b64 | openssl pkey -inform DER > %s", pem);

	cr_assert(system(convert) == 0);
	json_object_foreach(json_object_get(vector, "fields"), name, value)
		gate_pairs_set(&pairs, name, json_string_value(value));
	gate_pairs_set(&pairs, "sign", zg_json_string(vector, "HMAC-SHA256", ""));
	gate_xml_write(&pairs, &xml);
	start(GATE_FIXTURES);
	url = zg_print("%s/secapi/pay/reverse", world.https);
	for (int with = 0; with < 2; with++) {
		CURL *curl = handle(url, NULL, 10000);

		curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, xml.bytes);
		if (with) {
			curl_easy_setopt(curl, CURLOPT_SSLCERT, GATE_FIXTURES "/TEST_ONLY_merchant_certificate.pem");
			curl_easy_setopt(curl, CURLOPT_SSLKEY, pem);
		}
		cr_expect(eq(int, perform(curl, NULL), CURLE_OK));
		cr_expect(strstr(zg_buffer_text(&world.body), with ? "ORDERNOTEXIST" : "FAIL") != NULL, "%s", zg_buffer_text(&world.body));
	}
	cr_expect(eq(int, stop(), 0));
	free(url);
	free(ca);
	free(pem);
	free(convert);
	gate_pairs_clear(&pairs);
	zg_buffer_clear(&xml);
	json_decref(all);
}

Test(gate_http, makes_a_shop_that_it_can_serve)
{
	char *shop = zg_print("%s/shop", world.dir), *key = zg_print("%s/merchant_key.pem", shop), *conf = zg_print("%s/pay.conf", shop);
	char *command = zg_print("'" ZG_BUILD "/zhanggui-sim' gateway --make-shop %s --port 1234 > /dev/null", shop);
	struct stat there;

	cr_assert(system(command) == 0);
	cr_assert(stat(key, &there) == 0);
	cr_expect(eq(int, there.st_mode & 0777, 0600));
	cr_assert(stat(conf, &there) == 0);
	cr_expect(system(command) != 0, "not over another");
	start(shop);
	cr_expect(eq(int, pay(world.http, "POS01_HTTP", CODE, 10000), CURLE_OK));
	cr_expect(eq(long, world.status, 401), "this shop has other keys");
	cr_expect(eq(int, stop(), 0));
	free(command);
	free(shop);
	free(key);
	free(conf);
}

Test(gate_http, says_what_it_does_not_understand)
{
	static const char *const cases[] = { "", "--keys /nowhere", "--keys " GATE_FIXTURES " --port x", "--keys " GATE_FIXTURES " --https-port 0", "--nothing" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *command = zg_print("'" ZG_BUILD "/zhanggui-sim' gateway %s > /dev/null 2>&1 < /dev/null", cases[i]);

		cr_expect(eq(int, WEXITSTATUS(system(command)), 2), "%s", cases[i]);
		free(command);
	}
	cr_expect(eq(int, system("'" ZG_BUILD "/zhanggui-sim' gateway --help > /dev/null"), 0));
}
