#include "src/shop/receipt.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/shop/template.h"

#include <string.h>

#define SHOP "\"shop\":{\"name\":\"掌柜便利店\",\"address\":\"成都市锦江区春熙路 88 号 1 层\"," \
	"\"phone\":\"028-8666 1234\",\"tax_number\":\"91510104MA6CXXXX0X\"}," \
	"\"till\":\"01\",\"cashier\":\"王芳\",\"at_ms\":1795424527000,\"training\":false,\"copy\":false,\"copies\":0,"
#define LINES "\"items\":4,\"lines\":[" \
	"{\"name\":\"农夫山泉 550ml\",\"unit\":\"瓶\",\"quantity_milli\":2000,\"price_fen\":200,\"discount_fen\":0,\"amount_fen\":400}," \
	"{\"name\":\"红富士苹果\",\"unit\":\"kg\",\"quantity_milli\":856,\"price_fen\":1280,\"discount_fen\":0,\"amount_fen\":1096}," \
	"{\"name\":\"康师傅经典红烧牛肉面五连包 大食桶加量装\",\"unit\":\"包\",\"quantity_milli\":1000,\"price_fen\":1850,\"discount_fen\":185,\"amount_fen\":1665}," \
	"{\"name\":\"Lay's Potato Chips Original Flavour 104 g\",\"unit\":\"bag\",\"quantity_milli\":12000,\"price_fen\":890,\"discount_fen\":0,\"amount_fen\":10680}]," \
	"\"subtotal_fen\":13841,\"discount_fen\":500,\"rounding_fen\":1,\"total_fen\":13340,"
#define TAXES "\"taxes\":[{\"rate_bp\":1300,\"net_fen\":10836,\"tax_fen\":1408},{\"rate_bp\":900,\"net_fen\":1006,\"tax_fen\":90}]," \
	"\"invoiceable_fen\":13340,\"anchor\":\"7c0e19ab\""
#define TOTALS "\"day\":\"2026-11-23\",\"shift\":3,\"opened_ms\":1795391100000,\"closed_ms\":1795442432000," \
	"\"first_number\":\"R010000101\",\"last_number\":\"R010000187\"," \
	"\"sales_count\":85,\"sales_fen\":412350,\"refunds_count\":2,\"refunds_fen\":3650," \
	"\"gross_fen\":419880,\"discounts_count\":9,\"discount_fen\":7490,\"rounding_fen\":40,\"takings_fen\":408700," \
	"\"refund_rounding_fen\":6,\"rounding_total_fen\":34," \
	"\"tenders\":[{\"kind\":\"cash\",\"label\":\"现金\",\"count\":40,\"in_fen\":162350,\"out_fen\":3650,\"net_fen\":158700}," \
	"{\"kind\":\"wechat\",\"label\":\"微信支付\",\"count\":46,\"in_fen\":250000,\"out_fen\":0,\"net_fen\":250000}]," \
	"\"taxes\":[{\"rate_bp\":1300,\"net_fen\":300000,\"tax_fen\":39000},{\"rate_bp\":900,\"net_fen\":63945,\"tax_fen\":5755}]," \
	"\"invoiceable_fen\":408700,\"voids_count\":1,\"voids_fen\":1250,\"removed_count\":6,\"removed_fen\":8840," \
	"\"overrides_count\":2,\"no_sale_count\":1,\"reprints_count\":3,\"hung_count\":0,\"hung_fen\":0," \
	"\"open\":[{\"number\":\"R010000186\",\"label\":\"支付宝\",\"amount_fen\":2580}]," \
	"\"anchor\":\"7c0e19ab\",\"blind\":false,"
#define SHIFTS "\"shifts\":[{\"number\":41,\"shift\":2,\"cashier\":\"李强\",\"takings_fen\":201000,\"difference_fen\":0}," \
	"{\"number\":42,\"shift\":3,\"cashier\":\"王芳\",\"takings_fen\":207700,\"difference_fen\":-350}],\"open_shifts\":0"
#define CASH "\"cash\":{\"counted\":true,\"float_fen\":50000,\"sales_fen\":162350,\"refunds_fen\":3650,\"in_fen\":10000," \
	"\"out_fen\":30000,\"expected_fen\":188700,\"counted_fen\":188350,\"difference_fen\":-350}," \
	"\"denominations\":[{\"value_fen\":10000,\"count\":17,\"amount_fen\":170000},{\"value_fen\":2000,\"count\":9,\"amount_fen\":18000}," \
	"{\"value_fen\":50,\"count\":7,\"amount_fen\":350}],"
#define NO_CASH "\"cash\":{\"counted\":false,\"float_fen\":50000,\"sales_fen\":162350,\"refunds_fen\":3650,\"in_fen\":10000," \
	"\"out_fen\":30000,\"expected_fen\":188700,\"counted_fen\":0,\"difference_fen\":0}," \
	"\"denominations\":[{\"value_fen\":0,\"count\":0,\"amount_fen\":0}],"

static const struct {
	const char *name, *sample;
} slips[ZG_SLIPS] = {
	[ZG_SLIP_SALE] = { "sale", "{" SHOP LINES TAXES ",\"number\":\"R010000187\",\"change_fen\":6660,\"tenders\":["
		"{\"kind\":\"cash\",\"label\":\"现金\",\"tendered_fen\":20000,\"kept_fen\":13340}]}" },
	[ZG_SLIP_REFUND] = { "refund", "{" SHOP LINES TAXES ",\"number\":\"R010000188\",\"origin\":\"R010000187\","
		"\"reason\":\"包装破损\",\"approver\":\"李强\",\"change_fen\":0,\"tenders\":["
		"{\"kind\":\"cash\",\"label\":\"现金\",\"tendered_fen\":13340,\"kept_fen\":13340}]}" },
	[ZG_SLIP_Z] = { "z", "{" SHOP TOTALS CASH SHIFTS ",\"number\":42}" },
	[ZG_SLIP_X] = { "x", "{" SHOP TOTALS NO_CASH SHIFTS ",\"number\":0}" },
	[ZG_SLIP_TRANSACTIONS] = { "transactions", "{" SHOP "\"day\":\"2026-11-23\",\"count\":8,\"rows\":["
		"{\"kind\":\"float\",\"number\":\"\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795391100000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"\",\"label\":\"\",\"total_fen\":50000,\"discount_fen\":0},"
		"{\"kind\":\"sale\",\"number\":\"R010000101\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795391527000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"\",\"label\":\"现金\",\"total_fen\":1250,\"discount_fen\":0},"
		"{\"kind\":\"sale\",\"number\":\"R010000102\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795398527000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"\",\"label\":\"现金+微信支付\",\"total_fen\":107950,\"discount_fen\":50},"
		"{\"kind\":\"void\",\"number\":\"\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795399127000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"顾客不买了\",\"label\":\"\",\"total_fen\":1250,\"discount_fen\":0},"
		"{\"kind\":\"in\",\"number\":\"6\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795401527000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"兑换零钱\",\"label\":\"\",\"total_fen\":10000,\"discount_fen\":0},"
		"{\"kind\":\"drawer\",\"number\":\"\",\"origin\":\"\",\"shift\":2,\"at_ms\":1795402127000,\"cashier\":\"李强\",\"approver\":\"\",\"reason\":\"顾客换零\",\"label\":\"\",\"total_fen\":0,\"discount_fen\":0},"
		"{\"kind\":\"refund\",\"number\":\"R010000103\",\"origin\":\"R010000101\",\"shift\":3,\"at_ms\":1795424527000,\"cashier\":\"王芳\",\"approver\":\"李强\",\"reason\":\"包装破损\",\"label\":\"现金\",\"total_fen\":-1250,\"discount_fen\":0},"
		"{\"kind\":\"out\",\"number\":\"7\",\"origin\":\"\",\"shift\":3,\"at_ms\":1795430527000,\"cashier\":\"王芳\",\"approver\":\"李强\",\"reason\":\"送银行存款\",\"label\":\"\",\"total_fen\":-30000,\"discount_fen\":0}],"
		"\"sales_count\":2,\"sales_fen\":109200,\"refunds_count\":1,\"refunds_fen\":1250,\"gross_fen\":109250,\"discounts_count\":1,"
		"\"discount_fen\":50,\"rounding_fen\":0,\"refund_rounding_fen\":0,\"rounding_total_fen\":0,\"takings_fen\":107950,"
		"\"tenders\":[{\"kind\":\"cash\",\"label\":\"现金\",\"in_fen\":9200,\"out_fen\":1250,\"net_fen\":7950},"
		"{\"kind\":\"wechat\",\"label\":\"微信支付\",\"in_fen\":100000,\"out_fen\":0,\"net_fen\":100000}],"
		"\"taxes\":[{\"rate_bp\":1300,\"net_fen\":95531,\"tax_fen\":12419}],\"invoiceable_fen\":107950,"
		"\"voids_count\":1,\"voids_fen\":1250,\"removed_count\":0,\"removed_fen\":0,\"no_sale_count\":1,"
		"\"cash_in_count\":1,\"cash_in_fen\":10000,\"cash_out_count\":1,\"cash_out_fen\":30000}" },
	[ZG_SLIP_CASH] = { "cash", "{" SHOP "\"direction\":\"out\",\"amount_fen\":30000,\"reason\":\"送银行存款\",\"number\":7,"
		"\"shift\":3,\"approver\":\"李强\",\"anchor\":\"7c0e19ab\"}" },
	[ZG_SLIP_TEST] = { "test", "{" SHOP "\"columns\":32,\"printer\":\"generic-58\",\"link\":\"serial:/dev/ttyUSB0?baud=9600\","
		"\"qr_text\":\"https://example.com/掌柜\",\"number\":\"R010000187\"}" },
	[ZG_SLIP_CODE] = { "code", "{" SHOP "\"wallet\":\"微信支付\",\"amount_fen\":13340,"
		"\"url\":\"weixin://wxpay/bizpayurl/up?pr=TESTONLY1&groupid=00\",\"expires_ms\":1795424827000,\"number\":\"P01261123000187ABCDEF\"}" },
};

const char *zg_slip_name(enum zg_slip slip)
{
	zg_assert((unsigned)slip < ZG_SLIPS);
	return slips[slip].name;
}

bool zg_slip_find(const char *name, enum zg_slip *slip)
{
	for (unsigned i = 0; i < ZG_SLIPS; i++)
		if (strcmp(slips[i].name, name) == 0) {
			*slip = (enum zg_slip)i;
			return true;
		}
	return false;
}

json_t *zg_slip_sample(enum zg_slip slip)
{
	zg_assert((unsigned)slip < ZG_SLIPS);
	json_t *sample = zg_json_parse(slips[slip].sample, strlen(slips[slip].sample));

	zg_assert(sample != NULL);
	return sample;
}

enum zg_result zg_receipt_layout(const char *text, size_t length, const char *name, const json_t *document, int columns,
				 struct zg_gbk *gbk, struct zg_paper *out, struct zg_error *err)
{
	struct zg_template *parsed;

	zg_paper_init(out, columns);
	if (columns < ZG_PAPER_COLUMNS_MIN || columns > ZG_PAPER_COLUMNS_MAX)
		return zg_fail(err, ZG_INVALID, _("Paper cannot have %d columns. Set %d to %d for the printer."), columns,
			       ZG_PAPER_COLUMNS_MIN, ZG_PAPER_COLUMNS_MAX);
	enum zg_result result = zg_template_parse(text, length, name, &parsed, err);

	if (result == ZG_OK)
		result = zg_template_layout(parsed, document, gbk, out, err);
	zg_template_free(parsed);
	return result;
}

static bool prints_nothing(const struct zg_paper *paper)
{
	for (size_t i = 0; i < paper->count; i++)
		if (paper->rows[i].kind == ZG_ROW_TEXT && paper->rows[i].text[0])
			return false;
	return true;
}

/* An empty file would let every slip come out as a strip of white paper, and count as printed. */
static enum zg_result check_words(const struct zg_template *parsed, const json_t *sample, const char *name, struct zg_error *err)
{
	struct zg_paper paper;
	struct zg_gbk *gbk = zg_gbk_new();

	zg_paper_init(&paper, ZG_PAPER_COLUMNS_MAX);
	enum zg_result result = zg_template_layout(parsed, sample, gbk, &paper, err);

	if (result == ZG_OK && prints_nothing(&paper))
		result = zg_fail(err, ZG_INVALID, _("%s prints no word. Write what the slip shall say, or take the file away."), name);
	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	return result;
}

enum zg_result zg_receipt_check(enum zg_slip slip, const char *text, size_t length, const char *name,
				struct zg_error *err)
{
	struct zg_template *parsed;
	json_t *sample = zg_slip_sample(slip);
	enum zg_result result = zg_template_parse(text, length, name, &parsed, err);

	if (result == ZG_OK)
		result = zg_template_check(parsed, sample, err);
	if (result == ZG_OK)
		result = check_words(parsed, sample, name, err);
	zg_template_free(parsed);
	json_decref(sample);
	return result;
}
