/* What the parts of the lab's disk share. */
#ifndef ZG_TESTS_LAB_POWER_PRIVATE_H
#define ZG_TESTS_LAB_POWER_PRIVATE_H

#include "tests/lab/power.h"

/* The name below the recorded directory, "" for itself; NULL: not of it, or of what is left out. */
const char *power_inside(const char *path);
int power_file_of(const char *name);      /* -1: no such file is known */
bool power_is_books(int file);            /* zhanggui.db and its log */

/* 0, or the errno that the operation about to be done must fail with. *half: part of the write is still to be done. */
int power_ask(enum power_kind kind, int file, bool *half);

void power_note_write(int file, int64_t at, const void *bytes, size_t length);
void power_note_truncate(int file, int64_t size);
void power_note_sync(int file, bool has_failed);
int power_note_create(const char *name);
void power_note_rename(const char *name, const char *new_name);
void power_note_unlink(const char *name);
void power_note_mkdir(const char *name);
void power_note_sync_directory(const char *name, bool has_failed);

/* Bytes that the disk has left, for statvfs; -1: as the real one says. */
int64_t power_room(void);

/* Puts the VFS before the system's own, once. */
void power_vfs_install(void);

/* The wrapped calls as the system has them. */
int power_real_open(const char *path, int flags, unsigned mode);
int power_real_close(int fd);
int power_real_mkdir(const char *path, unsigned mode);
#endif
