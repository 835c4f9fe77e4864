/*
 * The simulator's payment gateways as a process of their own (tests/lab/zhanggui-sim gateway, by the lab's clock when there is one), with a
 * made-up merchant's keys, and the line on which they are told what customers do and what goes wrong.
 */
#ifndef ZG_TESTS_LAB_GATEWAY_H
#define ZG_TESTS_LAB_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct gateway {
	pid_t pid;
	FILE *to, *from;
	char *keys;        /* the directory of the merchant */
	char *ledger;      /* the phones' own account */
	char *log;         /* a line of JSON a request */
	char *settings;    /* the piece of zhanggui.conf that leads there */
};

/* Everything in `place`, which is there. Ends the program with a sentence when it cannot. */
void gateway_open(struct gateway *gateway, const char *place, uint64_t seed);
/* Tells it to go, and waits. */
void gateway_close(struct gateway *gateway);
/* A question, and its first line of answer. */
void gateway_ask(struct gateway *gateway, const char *line, char *answer, size_t size);
/* An order, which must be understood. `self` is the gateway: it is a line for phones_spoil. */
void gateway_tell(void *self, const char *line);
/*
 * No gateway at all: keys in place/gate, and the piece of zhanggui.conf with these addresses in its place, in the order WeChat, Alipay, Lakala
 * ("http://127.0.0.1:1234"). The caller frees it.
 */
char *gateway_nowhere(const char *place, const char *const urls[3]);
#endif
