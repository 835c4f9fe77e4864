#include "contrib/sim/realtime.h"

#include <string.h>

size_t sim_realtime_length(const unsigned char *bytes, size_t length)
{
	static const unsigned char clear[] = { 0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08 };

	if (length == 0 || bytes[0] != 0x10)
		return 0;
	if (length < 2)
		return 3;
	if (bytes[1] != 0x04 && bytes[1] != 0x05 && bytes[1] != 0x14)
		return 0;
	if (length < 3)
		return 3;
	if (bytes[1] == 0x04)
		return bytes[2] >= 1 && bytes[2] <= 4 ? 3 : 0;
	if (bytes[1] == 0x05)
		return bytes[2] <= 2 ? 3 : 0;
	if (bytes[2] == 0x01)
		return 5;
	if (bytes[2] == 0x07)
		return 4;
	return bytes[2] == 0x08 && memcmp(bytes, clear, length < 10 ? length : 10) == 0 ? 10 : 0;
}

bool sim_realtime_put(struct sim_realtime *realtime, unsigned char byte)
{
	size_t need = sim_realtime_length(realtime->bytes, realtime->length);

	if (need > 0 && need <= realtime->length)
		realtime->length = 0;    /* the last one was handed out */
	realtime->bytes[realtime->length++] = byte;
	while (realtime->length > 0) {
		need = sim_realtime_length(realtime->bytes, realtime->length);
		if (need > 0)
			return need == realtime->length;
		realtime->length--;
		memmove(realtime->bytes, realtime->bytes + 1, realtime->length);
	}
	return false;
}
