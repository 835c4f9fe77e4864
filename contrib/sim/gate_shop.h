/*
 * The merchant that the gateways know, and their own keys. Read from DIR/gateway.json, which names the files beside it; made fresh,
 * all marked TEST ONLY, by gate_shop_make, with a piece of zhanggui.conf for the till on the other side.
 */
#ifndef SIM_GATE_SHOP_H
#define SIM_GATE_SHOP_H

#include "contrib/sim/gate_sign.h"

struct gate_shop {
	char *mchid, *wechat_appid, *serial;                    /* serial: of the merchant's certificate, for WeChat and Lakala */
	char *apiv2_key, *apiv3_key;
	char *public_key_id;                                    /* the name of WeChat's public key */
	char *alipay_app_id;
	char *lakala_appid, *merchant_no, *term_no;
	char *server_certificate, *server_key, *client_ca;      /* PEM files for HTTPS; "" without */
	struct gate_key *merchant;                              /* its public key: checks what the till signs */
	struct gate_key *merchant_certificate;                  /* NULL: none; then no client certificate is asked for */
	struct gate_key *platform;                              /* private: signs what the gateways say */
	struct gate_key *platform_certificate;
};

/* NULL: `why` says what is missing. */
struct gate_shop *gate_shop_read(const char *dir, char *why, size_t size);
void gate_shop_free(struct gate_shop *shop);

/* Fills a directory, made if need be, which holds no gateway.json yet. False: why. port, https_port: where the till will look. */
bool gate_shop_make(const char *dir, int port, int https_port, char *why, size_t size);
#endif
