/*
 * A witness inside the till of the lab: tests/lab/zhanggui tells of each PIN that it is about to compare, and keeps beside the
 * books what a power cut would leave of them.
 *
 * Named by the environment variable ZG_LAB_WITNESS: a file that gets a line "MS SETTING PIN" before a PIN is hashed, by the lab's
 * clock. Named by ZG_LAB_SYNCED: a directory that gets a copy of each file of the books as it was when it was last synced.
 * Neither is set: nothing is done. The PINs are a test's; the shipped programs have nothing of this in them.
 */
#ifndef ZG_TESTS_LAB_WITNESS_H
#define ZG_TESTS_LAB_WITNESS_H

#define WITNESS_NAME "ZG_LAB_WITNESS"
#define SYNCED_NAME  "ZG_LAB_SYNCED"

#endif
