/* The Authorization header as WeChat Pay v3 and Lakala write it: a scheme, and five name="value" pairs in any order. */
#ifndef SIM_GATE_AUTHORIZATION_H
#define SIM_GATE_AUTHORIZATION_H

#include <stdbool.h>
#include <stdint.h>

struct gate_authorization {
	char who[40];        /* the merchant: "mchid" or "appid" */
	char nonce[40], timestamp[24], serial[64], signature[1024];
};

/* who: the name of the first part. False: no such header, another scheme, or not exactly its five parts. */
bool gate_authorization_read(const char *head, const char *scheme, const char *who, struct gate_authorization *found);
/* Unix seconds less than skew_s from now. */
bool gate_authorization_is_near(const char *timestamp, int64_t now_ms, int skew_s);
#endif
