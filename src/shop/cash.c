#include "src/shop/cash.h"

#include "src/base/i18n.h"
#include "src/shop/sale.h"

const zg_fen zg_cash_notes[ZG_CASH_NOTES] = { 10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 2, 1 };

size_t zg_cash_suggest(zg_fen due, zg_fen amounts[ZG_CASH_SUGGESTIONS])
{
	static const zg_fen steps[] = { 500, 1000, 2000, 5000, 10000 };
	size_t count = 0;

	if (due <= 0 || due > ZG_SALE_MAX_FEN)
		return 0;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		zg_fen next = (due + steps[i] - 1) / steps[i] * steps[i];

		if (next == due || next > ZG_SALE_MAX_FEN || (count > 0 && next <= amounts[count - 1]))
			continue;
		if (count < ZG_CASH_SUGGESTIONS)
			amounts[count++] = next;
		else
			amounts[count - 1] = next;    /* a whole 100 is handed over more often than a 50 */
	}
	return count;
}

enum zg_result zg_cash_change(zg_fen due, zg_fen tendered, zg_fen *change, struct zg_error *err)
{
	if (tendered > ZG_SALE_MAX_FEN)
		return zg_fail(err, ZG_INVALID, _("That is more cash than one sale can take. Type "
			       "the amount again."));
	if (tendered < due)
		return zg_fail(err, ZG_INVALID, _("That is less than what is due. Ask for the "
			       "rest."));
	*change = tendered - due;
	return ZG_OK;
}

bool zg_cash_is_odd(zg_fen tendered, zg_fen due)
{
	/* Divided, not multiplied: no due is too large. */
	return tendered > 0 && (due <= 0 || (tendered - 1) / ZG_CASH_ODD_TIMES >= due);
}

size_t zg_cash_kinds(enum zg_rounding rounding, zg_fen expected)
{
	bool needs_fen = rounding == ZG_ROUND_NONE || expected % 10 != 0;
	size_t kinds = ZG_CASH_NOTES;

	while (!needs_fen && zg_cash_notes[kinds - 1] < 10)
		kinds--;
	return kinds;
}

enum zg_result zg_cash_count(const int64_t pieces[ZG_CASH_NOTES], zg_fen *total, struct zg_error *err)
{
	zg_fen sum = 0;

	for (size_t i = 0; i < ZG_CASH_NOTES; i++) {
		if (pieces[i] < 0 || pieces[i] > ZG_CASH_PIECES_MAX)
			return zg_fail(err, ZG_INVALID, _("A number of notes or coins is below "
				       "zero or above %lld. "
				       "Count them again."), ZG_CASH_PIECES_MAX);
		if (!zg_fen_add(sum, pieces[i] * zg_cash_notes[i], &sum))
			return zg_fail(err, ZG_INVALID, _("That is more cash than the till can "
				       "add up. "
				       "Count it again."));
	}
	*total = sum;
	return ZG_OK;
}
