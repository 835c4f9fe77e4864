#include "src/shop/tender.h"

#include "src/base/i18n.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	const char *title;
} kinds[ZG_TENDER_KINDS] = {
	[ZG_TENDER_CASH]     = { "cash",     N_("Cash")     },
	[ZG_TENDER_WECHAT]   = { "wechat",   N_("WeChat")   },
	[ZG_TENDER_ALIPAY]   = { "alipay",   N_("Alipay")   },
	[ZG_TENDER_UNIONPAY] = { "unionpay", N_("UnionPay") },
	[ZG_TENDER_CARD]     = { "card",     N_("Card")     },
	[ZG_TENDER_OTHER]    = { "other",    N_("Other")    },
	[ZG_TENDER_ECNY]     = { "ecny",     N_("e-CNY")    },
	[ZG_TENDER_BESTPAY]  = { "bestpay",  N_("BestPay")  },
	[ZG_TENDER_SUNING]   = { "suning",   N_("Suning Pay") },
};

const char *zg_tender_kind_name(enum zg_tender_kind kind)
{
	return (unsigned)kind < ZG_TENDER_KINDS ? kinds[kind].name : "?";
}

bool zg_tender_kind_parse(const char *name, enum zg_tender_kind *kind)
{
	for (size_t i = 0; i < ZG_TENDER_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = (enum zg_tender_kind)i;
			return true;
		}
	return false;
}

bool zg_tender_is_outside(enum zg_tender_kind kind)
{
	return kind == ZG_TENDER_CARD || kind == ZG_TENDER_OTHER;
}

const char *zg_tender_kind_title(enum zg_tender_kind kind)
{
	return (unsigned)kind < ZG_TENDER_KINDS ? kinds[kind].title : "?";
}
