#include "contrib/sim/gateway_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static void help(FILE *out)
{
	fputs("Usage: zhanggui-sim gateway --keys DIR [OPTION...]\n"
	      "       zhanggui-sim gateway --make-shop DIR [--port N] [--https-port N]\n"
	      "WeChat Pay, Alipay and Lakala on this machine, with a customer and his phone. No money, no network beyond 127.0.0.1.\n"
	      "  --keys DIR        the merchant and the gateways' keys: DIR/gateway.json\n"
	      "  --make-shop DIR   make such a directory, all keys fresh and TEST ONLY, and DIR/pay.conf for the till; then end\n"
	      "  --port N          of HTTP; any free one without\n"
	      "  --https-port N    HTTPS too; 0: any free one\n"
	      "  --tls DIR         the HTTPS server's certificate and its authority (ca_certificate.pem) are there, or are made there\n"
	      "  --script FILE     lines of the control language, done at the start\n"
	      "  --ledger FILE     what the phones were charged, JSON lines\n"
	      "  --log FILE        each request, JSON lines\n"
	      "  --seed N          of all that happens by lot\n"
	      "  --until-eof       ends with its standard input\n"
	      "The control language comes a line at a time on standard input, or by POST /sim/control:\n"
	      "  phone pays | pays-after MS | password MS | refuses | refuses-after MS | vanishes | pays-late MS | pays-at-cancel | random\n"
	      "  phone next PLAN   for the next order only        phone now PLAN   for all that is being paid just now\n"
	      "  code WALLET       a fresh payment code           fault CHANNEL CALL KIND[=VALUE] [COUNT|PERCENT%] | off\n"
	      "  set NAME VALUE    set | faults | orders [NUMBER] | ledger | status    quit\n"
	      "contrib/sim/README.md says what each means.\n", out);
}

static bool read_number(const char *option, const char *text, long most, int *number)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text && !*end && value >= 0 && value <= most) {
		*number = (int)value;
		return true;
	}
	fprintf(stderr, "zhanggui-sim: --%s takes a number from 0 to %ld, not '%s'\n", option, most, text);
	return false;
}

static bool read_seed(const char *text, uint64_t *seed)
{
	char *end;

	*seed = strtoull(text, &end, 10);
	if (*text && !*end && *text != '-')
		return true;
	fprintf(stderr, "zhanggui-sim: --seed takes a whole number, not '%s'\n", text);
	return false;
}

bool gateway_wish_read(struct gateway_wish *wish, int argc, char **argv, int *code)
{
	static const struct option options[] = {
		{ "keys", required_argument, NULL, 'k' },    { "make-shop", required_argument, NULL, 'm' }, { "port", required_argument, NULL, 'p' },
		{ "https-port", required_argument, NULL, 's' }, { "tls", required_argument, NULL, 't' },    { "script", required_argument, NULL, 'c' },
		{ "ledger", required_argument, NULL, 'l' },  { "log", required_argument, NULL, 'g' },       { "seed", required_argument, NULL, 'n' },
		{ "until-eof", no_argument, NULL, 'e' },     { "help", no_argument, NULL, 'h' },            { 0 }
	};
	bool good = true;

	*wish = (struct gateway_wish){ .https_port = -1, .seed = 1 };
	*code = 2;
	optind = 1;
	for (int c; good && (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'k': wish->keys = optarg; break;
		case 'm': wish->make_shop = optarg; break;
		case 'p': good = read_number("port", optarg, 65535, &wish->port); break;
		case 's': good = read_number("https-port", optarg, 65535, &wish->https_port); break;
		case 't': wish->tls_dir = optarg; break;
		case 'c': wish->script = optarg; break;
		case 'l': wish->ledger = optarg; break;
		case 'g': wish->log = optarg; break;
		case 'n': good = read_seed(optarg, &wish->seed); break;
		case 'e': wish->until_eof = true; break;
		case 'h':
			help(stdout);
			*code = 0;
			return false;
		default: return false;
		}
	}
	if (good && (optind < argc || !wish->keys == !wish->make_shop)) {
		help(stderr);
		return false;
	}
	return good;
}
