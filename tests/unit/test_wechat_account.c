#include "drivers/pay/wechat.h"

#include "src/base/alloc.h"
#include "tests/unit/vectors.h"
#include "tests/unit/wechat_bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct zg_pay_account account;
static struct zg_pay_account whole;    /* as it was, to let go of */

static void set_up(void)
{
	account = whole = bench_account(ZG_CHANNEL_WECHAT);
}

static void tear_down(void)
{
	bench_account_clear(&whole);
}

TestSuite(wechat_account, .init = set_up, .fini = tear_down);

static void expect_open(void)
{
	struct zg_pay_keys *keys = NULL;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, zg_pay_wechat.open(&account, &keys, &err), ZG_OK), "%s", err.text);
	zg_pay_wechat.close(keys);
}

static void expect_refused(const char *setting, const char *word)
{
	struct zg_pay_keys *keys = (struct zg_pay_keys *)&account;
	struct zg_error err = { .text = "" };

	cr_expect(eq(int, zg_pay_wechat.open(&account, &keys, &err), ZG_USAGE), "%s %s", setting, word);
	cr_expect(keys == NULL);
	cr_expect(strstr(err.text, setting) != NULL, "\"%s\" does not name %s", err.text, setting);
	cr_expect(strstr(err.text, word) != NULL, "\"%s\" does not say \"%s\"", err.text, word);
	account = whole;
}

Test(wechat_account, the_whole_one_opens)
{
	char *certificate = vector_pem("merchant_certificate");

	expect_open();
	account.certificate_pem = certificate;
	account.serial = "1dde55ad98ed71d6edd4a4a16996de7b00000001";
	expect_open();
	zg_pay_wechat.close(NULL);
	free(certificate);
}

/* A public key, certificates, or the key to fetch certificates with: one of them is enough, and all may be there. */
Test(wechat_account, one_way_to_verify_is_enough)
{
	account.platform_pem = account.api3_key = NULL;
	expect_open();
	account = whole;
	account.public_key_pem = account.public_key_id = account.api3_key = "";
	expect_open();
	account = whole;
	account.public_key_pem = account.public_key_id = account.platform_pem = NULL;
	expect_open();
	account.api3_key = NULL;
	expect_refused("public_key", "no answer can be verified");
}

Test(wechat_account, payment_codes_by_v3_need_no_v2_key)
{
	account.api2_key = NULL;
	account.codepay = true;
	expect_open();
	account.codepay = false;
	expect_refused("apiv2_key_file", "missing");
}

#define REFUSED(member, value, setting, word) do { \
		account.member = value; \
		expect_refused(setting, word); \
	} while (0)

Test(wechat_account, what_is_missing_is_named)
{
	REFUSED(url[0], NULL, "url", "missing");
	REFUSED(appid, "", "appid", "missing");
	REFUSED(merchant, NULL, "mchid", "missing");
	REFUSED(serial, NULL, "serial", "missing");
	REFUSED(notify_url, NULL, "notify_url", "missing");
	REFUSED(key_pem, NULL, "key", "missing");
	REFUSED(public_key_id, NULL, "public_key_id", "missing");
	REFUSED(public_key_pem, NULL, "public_key", "missing");
}

Test(wechat_account, what_cannot_be_right_is_said)
{
	REFUSED(merchant, "19000O9191", "mchid", "merchant number");
	REFUSED(merchant, "190000919119000091911900009191190", "mchid", "merchant number");
	REFUSED(appid, "wx d678", "appid", "app id");
	REFUSED(serial, "1DDE55AD98ED71D6EDD4A4A16996DE7B000000011", "serial", "40 digits");
	REFUSED(serial, "1DDE 55AD", "serial", "serial number");
	REFUSED(notify_url, "http://www.example.com/notify", "notify_url", "https://");
	REFUSED(notify_url, "https://www.example.com/notify?a=b", "notify_url", "question mark");
	REFUSED(api2_key, "192006250b4c09247ec02edce69f6a2", "apiv2_key_file", "32 characters");
	REFUSED(api3_key, "0123456789abcdefghijklmnopqrstuvw", "apiv3_key_file", "32 characters");
	REFUSED(key_pem, "no key", "key", "no private key");
	REFUSED(public_key_pem, "no key", "public_key", "no public key");
	REFUSED(platform_pem, "no certificate", "platform_cert", "no public key");
	REFUSED(certificate_pem, "no certificate", "cert", "no public key");
}

/* The commonest mistakes with keys: our own for WeChat's, a key for a certificate, a certificate of another key. */
Test(wechat_account, keys_in_each_others_place_are_found_out)
{
	char *own_public = vector_pem("merchant_public"), *own_certificate = vector_pem("merchant_certificate");
	char *theirs = vector_pem("platform_certificate"), *bare = vector_pem("platform_public"), *both = zg_print("%s\n%s", theirs, own_certificate);

	REFUSED(public_key_pem, own_public, "public_key", "shop's own key");
	REFUSED(public_key_pem, own_certificate, "public_key", "shop's own key");
	REFUSED(platform_pem, own_certificate, "platform_cert", "shop's own key");
	REFUSED(platform_pem, both, "platform_cert", "shop's own key");
	REFUSED(platform_pem, bare, "platform_cert", "bare key");
	REFUSED(certificate_pem, theirs, "cert", "does not belong to the private key");
	account.certificate_pem = own_certificate;
	REFUSED(serial, "1DDE55AD98ED71D6EDD4A4A16996DE7B00000002", "serial", "not the serial number of the certificate");
	free(own_public);
	free(own_certificate);
	free(theirs);
	free(bare);
	free(both);
}
