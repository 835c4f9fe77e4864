#include "src/base/seal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(seal, bytes_are_written_in_hex_and_read_back)
{
	static const unsigned char bytes[] = { 0x00, 0x09, 0x0A, 0x5F, 0xA9, 0xFF };
	unsigned char back[sizeof(bytes)];
	char text[2 * sizeof(bytes) + 1];

	cr_expect(eq(str, (char *)zg_hex(text, bytes, sizeof(bytes)), "00090a5fa9ff"));
	cr_assert(zg_unhex(back, sizeof(back), text));
	cr_expect(eq(int, memcmp(back, bytes, sizeof(bytes)), 0));
	cr_assert(zg_unhex(back, sizeof(back), "00090A5FA9FF"));
	cr_expect(eq(int, memcmp(back, bytes, sizeof(bytes)), 0));
}

/* The characters beside 0-9, a-f and A-F, in both halves of a byte. */
Test(seal, what_is_not_hex_is_no_bytes)
{
	static const char *const texts[] = { "", "0", "000", "/0", ":0", "@0", "G0", "`0", "g0", "0/", "0:", "0@", "0G", "0`", "0g", "0\xFF" };
	unsigned char byte;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(not(zg_unhex(&byte, 1, texts[i])), "%s", texts[i]);
}

/* Each piece is sealed with its length: what moved from one column to the next is found out. */
Test(seal, the_same_bytes_in_other_pieces_have_another_seal)
{
	static const unsigned char key[ZG_MAC_SIZE] = "TEST ONLY";
	const struct zg_piece one[] = { { "ab", 2 }, { "c", 1 } }, other[] = { { "a", 1 }, { "bc", 2 } };
	unsigned char a[ZG_MAC_SIZE], b[ZG_MAC_SIZE], again[ZG_MAC_SIZE], none[ZG_MAC_SIZE];

	zg_seal(a, key, one, 2);
	zg_seal(b, key, other, 2);
	zg_seal(again, key, one, 2);
	zg_seal(none, key, NULL, 0);

	cr_expect(zg_seal_is_same(a, again, sizeof(a)));
	cr_expect(not(zg_seal_is_same(a, b, sizeof(a))));
	cr_expect(not(zg_seal_is_same(a, none, sizeof(a))));
}

/* A sealer keeps nothing of the list before: each has the seal that it has alone. */
Test(seal, a_sealer_seals_list_after_list_as_each_alone)
{
	static const unsigned char key[ZG_MAC_SIZE] = "TEST ONLY";
	const struct zg_piece lists[][2] = { { { "ab", 2 }, { "c", 1 } }, { { "a", 1 }, { "bc", 2 } }, { { "", 0 }, { "abc", 3 } } };
	struct zg_sealer *sealer = zg_sealer_new(key);

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
			unsigned char alone[ZG_MAC_SIZE], mac[ZG_MAC_SIZE];

			zg_seal(alone, key, lists[i], 2);
			zg_sealer_seal(sealer, mac, lists[i], 2);
			cr_expect(zg_seal_is_same(mac, alone, sizeof(mac)), "list %zu, round %d", i, round);
		}
	}
	zg_sealer_free(sealer);
	zg_sealer_free(NULL);
}
