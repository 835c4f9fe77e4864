#include "tui/story_rows.h"

#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/shop/pay.h"
#include "src/store/story.h"
#include "src/till/till.h"
#include "tui/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 320

/* ---- lines and money ---- */

static void add_line(struct zg_sheet *sheet, const struct zg_line *line)
{
	char left[ZG_NAME_MAX + 16], middle[80], amount[ZG_AMOUNT_TEXT], quantity[ZG_AMOUNT_TEXT], price[ZG_AMOUNT_TEXT];

	snprintf(left, sizeof(left), "%2d %s", line->no, line->name);
	snprintf(middle, sizeof(middle), "%s%s × %s", zg_milli_format(quantity, llabs(line->quantity)),
		 line->kind == ZG_ITEM_WEIGHED ? line->unit : "", zg_fen_format(price, line->price_fen));
	zg_sheet_add(sheet, ZG_INK_TEXT, left, middle, zg_fen_format(amount, line->amount_fen + line->share_fen));
	if (line->discount_fen != 0) {
		snprintf(middle, sizeof(middle), _("   with %s off"), zg_fen_format(amount, line->discount_fen));
		zg_sheet_add(sheet, ZG_INK_DIM, middle, NULL, NULL);
	}
}

static void add_removed(struct zg_sheet *sheet, const struct zg_line *line)
{
	char left[ZG_NAME_MAX + 16], middle[80], quantity[ZG_AMOUNT_TEXT], price[ZG_AMOUNT_TEXT];

	snprintf(left, sizeof(left), "%2d %s", line->no, line->name);
	snprintf(middle, sizeof(middle), "%s%s × %s", zg_milli_format(quantity, line->removed),
		 line->kind == ZG_ITEM_WEIGHED ? line->unit : "", zg_fen_format(price, line->price_fen));
	zg_sheet_add(sheet, ZG_INK_DIM, left, middle, _("taken off"));
}

static void add_amount(struct zg_sheet *sheet, enum zg_ink ink, const char *label, zg_fen amount)
{
	char text[ZG_AMOUNT_TEXT];

	zg_sheet_add(sheet, ink, label, NULL, zg_fen_format(text, amount));
}

static enum zg_result add_lines(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
				struct zg_error *err)
{
	struct zg_line *lines = NULL;
	size_t count = 0;
	zg_fen share = 0;
	enum zg_result result = zg_sales_lines(zg_till_store(till), record->id, &lines, &count, err);

	for (size_t i = 0; i < count; i++) {
		if (lines[i].quantity != 0)
			add_line(sheet, &lines[i]);
		if (lines[i].removed > 0)
			add_removed(sheet, &lines[i]);
		share += lines[i].share_fen;
	}
	free(lines);
	if (share != 0)
		add_amount(sheet, ZG_INK_TEXT, _("Discount of the whole sale"), -share);
	if (record->rounding_fen != 0)
		add_amount(sheet, ZG_INK_TEXT, _("Rounded off"), -record->rounding_fen);
	add_amount(sheet, record->is_refund ? ZG_INK_WARNING : ZG_INK_PAID, record->is_refund ? _("Given back") : _("Total"),
		   record->total_fen - record->rounding_fen);
	return result;
}

static enum zg_result add_tenders(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
				  struct zg_error *err)
{
	struct zg_tender tenders[ZG_SALE_TENDERS];
	size_t count = 0;
	enum zg_result result = zg_sales_tenders(zg_till_store(till), record->id, tenders, &count, err);

	for (size_t i = 0; i < count; i++) {
		char label[ZG_REFERENCE + 64];

		snprintf(label, sizeof(label), "%s%s%s", _(zg_tender_kind_title(tenders[i].kind)), tenders[i].reference[0] ? "  " : "", tenders[i].reference);
		add_amount(sheet, ZG_INK_TEXT, label, tenders[i].tendered_fen);
		if (tenders[i].change_fen != 0)
			add_amount(sheet, ZG_INK_TEXT, _("Change"), tenders[i].change_fen);
	}
	return result;
}

static enum zg_result add_refunds(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
				  struct zg_error *err)
{
	struct zg_sale_filter filter = { .origin_id = record->id, .state = ZG_SALE_PAID };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;
	enum zg_result result = zg_sales_list(zg_till_store(till), &filter, &rows, &count, err);

	if (count > 0)
		zg_sheet_heading(sheet, _("Refunds"));
	for (size_t i = count; i-- > 0;) {
		const struct zg_sale_record *r = &rows[i].record;
		char left[WORDS], amount[ZG_AMOUNT_TEXT], when[ZG_TIME_TEXT];

		snprintf(left, sizeof(left), "%s  %.16s  %s", r->number, zg_time_format(when, r->closed_at), r->reason);
		zg_sheet_add(sheet, ZG_INK_WARNING, left, NULL, zg_fen_format(amount, r->total_fen - r->rounding_fen));
	}
	free(rows);
	return result;
}

/* ---- the story ---- */

static void milli_text(char text[ZG_AMOUNT_TEXT], const json_t *body, const char *key)
{
	zg_milli_format(text, zg_json_integer(body, key, 0));
}

static void fen_text(char text[ZG_AMOUNT_TEXT], const json_t *body, const char *key)
{
	zg_fen_format(text, zg_json_integer(body, key, 0));
}

static void tell_line(const json_t *body, const char *kind, char *words)
{
	long long no = zg_json_integer(body, "line", 0);
	char one[ZG_AMOUNT_TEXT], two[ZG_AMOUNT_TEXT];

	milli_text(one, body, "quantity_milli");
	fen_text(two, body, "amount_fen");
	if (!strcmp(kind, "sale.line"))
		snprintf(words, WORDS, _("rang up line %lld: %s, %s"), no, one, two);
	else if (!strcmp(kind, "sale.quantity"))
		snprintf(words, WORDS, _("made line %lld %s, %s"), no, one, two);
	else
		snprintf(words, WORDS, _("put line %lld back: %s, %s"), no, one, two);
}

static void tell_discount(const json_t *body, char *words)
{
	long long no = zg_json_integer(body, "line", 0);
	int64_t kept = zg_json_integer(body, "kept_bp", 0), off = zg_json_integer(body, "off_fen", 0);
	char much[ZG_AMOUNT_TEXT];

	if (off > 0)
		zg_fen_format(much, off);
	else
		zg_bp_format(much, (zg_bp)(ZG_BP_WHOLE - kept));
	if (off == 0 && (kept == 0 || kept == ZG_BP_WHOLE))
		snprintf(words, WORDS, no ? _("took the discount of line %lld away") : _("took the discount of the sale away"), no);
	else if (no)
		snprintf(words, WORDS, _("took %s off line %lld"), much, no);
	else
		snprintf(words, WORDS, _("took %s off the whole sale"), much);
}

static void tell_money(const json_t *body, const char *kind, char *words)
{
	char amount[ZG_AMOUNT_TEXT], before[ZG_AMOUNT_TEXT];

	if (!strcmp(kind, "sale.paid")) {
		fen_text(amount, body, "paid_fen");
		snprintf(words, WORDS, _("took %s: paid\nas %s"), amount, zg_json_string(body, "number", ""));
	} else if (!strcmp(kind, "sale.refund")) {
		fen_text(amount, body, "refunded_fen");
		snprintf(words, WORDS, _("gave %s back\nas %s: %s"), amount, zg_json_string(body, "number", ""), zg_json_string(body, "reason", ""));
	} else {
		fen_text(amount, body, "price_fen");
		fen_text(before, body, "before_fen");
		snprintf(words, WORDS, _("changed the price of line %lld from %s to %s"), (long long)zg_json_integer(body, "line", 0), before, amount);
	}
}

/* Money that is not cash: what a terminal took, and how a payment by phone went. False: that is told by another row. */
static bool tell_other_money(const json_t *body, const char *kind, char *words)
{
	enum zg_tender_kind tender = ZG_TENDER_OTHER;
	enum zg_channel channel = ZG_CHANNEL_WECHAT;
	enum zg_pay_state state;
	char amount[ZG_AMOUNT_TEXT];
	const char *number = zg_json_string(body, "payment", "");

	fen_text(amount, body, "amount_fen");
	(void)zg_tender_kind_parse(zg_json_string(body, "tender", ""), &tender);
	(void)zg_channel_parse(zg_json_string(body, "channel", ""), &channel);
	if (!strcmp(kind, "sale.outside"))
		snprintf(words, WORDS, _("took %s by %s\n%s"), amount, _(zg_tender_kind_title(tender)), zg_json_string(body, "reference", ""));
	else if (!strcmp(kind, "sale.outside_back"))
		snprintf(words, WORDS, _("took %s by %s back\n%s"), amount, _(zg_tender_kind_title(tender)), zg_json_string(body, "reference", ""));
	else if (!strcmp(kind, "pay.begin"))
		snprintf(words, WORDS, _("asked %s for %s\n%s"), _(zg_channel_title(channel)), amount, number);
	else if (strncmp(kind, "pay.", 4) == 0 && zg_pay_state_parse(kind + 4, &state) && zg_pay_state_is_final(state))
		snprintf(words, WORDS, _("%s by %s: %s\n%s"), amount, _(zg_channel_title(channel)), _(zg_pay_state_title(state)), number);
	else if (!strcmp(kind, "pay.settle"))
		snprintf(words, WORDS, _("settled it by hand: %s\n%s"), zg_json_string(body, "reason", ""), zg_json_string(body, "refund", number));
	else
		return false;
	return true;
}

/* False: a kind that tells a person nothing. */
static bool tell(const struct zg_story_row *row, char *words)
{
	const json_t *body = row->body;
	char amount[ZG_AMOUNT_TEXT];

	if (!strcmp(row->kind, "sale.line") || !strcmp(row->kind, "sale.quantity") || !strcmp(row->kind, "sale.restore")) {
		tell_line(body, row->kind, words);
	} else if (!strcmp(row->kind, "sale.remove")) {
		milli_text(amount, body, "removed_milli");
		snprintf(words, WORDS, _("took %s of line %lld off"), amount, (long long)zg_json_integer(body, "line", 0));
	} else if (!strcmp(row->kind, "sale.discount")) {
		tell_discount(body, words);
	} else if (!strcmp(row->kind, "sale.price") || !strcmp(row->kind, "sale.paid") || !strcmp(row->kind, "sale.refund")) {
		tell_money(body, row->kind, words);
	} else if (!strcmp(row->kind, "sale.hang")) {
		snprintf(words, WORDS, "%s", _("hung the sale"));
	} else if (!strcmp(row->kind, "sale.take")) {
		snprintf(words, WORDS, "%s", _("took the sale up again"));
	} else if (!strcmp(row->kind, "sale.void")) {
		snprintf(words, WORDS, _("cancelled the sale\n%s"), zg_json_string(body, "reason", ""));
	} else if (!strcmp(row->kind, "print.receipt")) {
		snprintf(words, WORDS, _("printed it again, copy %lld"), (long long)zg_json_integer(body, "copy", 0));
	} else {
		return tell_other_money(body, row->kind, words);
	}
	return true;
}

/* The first line of words stands behind time and name, the others below it, so that narrow screens lose nothing. */
static void add_event(const struct zg_till *till, struct zg_sheet *sheet, int64_t at_ms, const char *who, const char *with, const char *words)
{
	char left[WORDS + ZG_NAME_MAX + 40], when[ZG_TIME_TEXT], name[ZG_NAME_MAX + 1];
	size_t length = strcspn(words, "\n");

	snprintf(left, sizeof(left), "%s  %s %.*s", zg_time_format(when, at_ms) + 5, zg_names_person(till, who, name), (int)length, words);
	zg_sheet_add(sheet, ZG_INK_TEXT, left, NULL, NULL);
	for (const char *more = words + length; *more == '\n'; more += length) {
		more++;
		length = strcspn(more, "\n");
		snprintf(left, sizeof(left), "    %.*s", (int)length, more);
		zg_sheet_add(sheet, ZG_INK_DIM, left, NULL, NULL);
	}
	if (!with[0])
		return;
	snprintf(left, sizeof(left), _("    by the right of %s"), zg_names_person(till, with, name));
	zg_sheet_add(sheet, ZG_INK_DIM, left, NULL, NULL);
}

static enum zg_result add_story(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
				struct zg_error *err)
{
	struct zg_story story;
	char words[WORDS];
	enum zg_result result = zg_story_read(zg_till_store(till), record, &story, err);

	zg_sheet_heading(sheet, _("What happened"));
	if (!record->is_refund)
		add_event(till, sheet, record->opened_at, record->cashier, "", _("began the sale"));
	for (size_t i = 0; i < story.count; i++)
		if (tell(&story.rows[i], words))
			add_event(till, sheet, story.rows[i].at_ms, story.rows[i].who, zg_json_string(story.rows[i].body, "with", ""), words);
	zg_story_clear(&story);
	return result;
}

enum zg_result zg_story_rows(const struct zg_till *till, const struct zg_sale_record *record, struct zg_sheet *sheet,
			     struct zg_error *err)
{
	zg_sheet_heading(sheet, _("Goods"));
	enum zg_result result = add_lines(till, record, sheet, err);

	if (result == ZG_OK)
		zg_sheet_heading(sheet, _("Money"));
	if (result == ZG_OK)
		result = add_tenders(till, record, sheet, err);
	if (result == ZG_OK)
		result = add_refunds(till, record, sheet, err);
	if (result == ZG_OK)
		result = add_story(till, record, sheet, err);
	return result;
}
