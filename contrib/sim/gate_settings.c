#include "contrib/sim/gate_settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
	int usual, most;
} rows[] = {
#define ROW(name, member, usual, most) { name, offsetof(struct gate_settings, member), usual, most }
	ROW("pin-above",          pin_above,          100000, 100000000),
	ROW("password-ms",        password_ms,        5000,   86400000),
	ROW("scan-ms",            scan_ms,            2000,   86400000),
	ROW("refund-ms",          refund_ms,          3000,   86400000),
	ROW("refund-fails",       refund_fails,       0,      1),
	ROW("read-lag",           read_lag,           0,      1),
	ROW("errors-signed",      errors_signed,      1,      2),
	ROW("certificate-mode",   certificate_mode,   0,      1),
	ROW("recall",             recall,             0,      100),
	ROW("alipay-again",       alipay_again,       0,      100),
	ROW("alipay-slashes",     alipay_slashes,     0,      2),
	ROW("alipay-sign-first",  alipay_sign_first,  0,      1),
	ROW("alipay-certificate", alipay_certificate, 0,      1),
	ROW("alipay-finished",    alipay_finished,    0,      1),
	ROW("lakala-pending",     lakala_pending,     0,      2),
	ROW("lakala-quotes",      lakala_quotes,      0,      1),
	ROW("lakala-lower",       lakala_lower,       0,      1),
	ROW("bill-minute",        bill_minute,        600,    1439),
	ROW("bill-wrong-hash",    bill_wrong_hash,    0,      1),
	ROW("bill-missing",       bill_missing,       0,      1000000),
	ROW("bill-altered",       bill_altered,       0,      1000000),
#undef ROW
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

void gate_settings_usual(struct gate_settings *settings)
{
	for (size_t i = 0; i < ROWS; i++)
		*(int *)((char *)settings + rows[i].offset) = rows[i].usual;
}

bool gate_settings_set(struct gate_settings *settings, const char *name, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (!*value || *end || number < 0)
		return false;
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		if (number > rows[i].most)
			return false;
		*(int *)((char *)settings + rows[i].offset) = (int)number;
		return true;
	}
	return false;
}

void gate_settings_list(const struct gate_settings *settings, struct zg_buffer *out)
{
	for (size_t i = 0; i < ROWS; i++)
		zg_buffer_print(out, "%s %d\n", rows[i].name, *(const int *)((const char *)settings + rows[i].offset));
}
