/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and writes whole files. */
#ifndef _SCX_LOOP_CAP_FILES_H
#define _SCX_LOOP_CAP_FILES_H

#include <stdbool.h>
#include <stddef.h>

char *file_read(const char *path, size_t *len);
bool file_read_line(const char *path, char *buf, size_t room);
bool file_exists(const char *path);
int file_write(const char *path, const char *text);
int file_replace(const char *path, const char *text, size_t len);

#endif /* _SCX_LOOP_CAP_FILES_H */
