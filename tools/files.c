// SPDX-License-Identifier: GPL-2.0
/* Reads and writes whole files. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

/**
 * file_read - read a whole file, also in sysfs and /proc, where stat() shows no size
 * @path: path of the file
 * @len: set to the number of bytes read; may be NULL
 *
 * Return: the contents, NUL-terminated, to be freed by the caller; NULL with errno set
 * on error.
 */
char *file_read(const char *path, size_t *len)
{
	size_t used = 0, room = 0;
	char *text = NULL, *bigger;
	ssize_t n;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	do {
		if (room - used < 4096) {
			room = room ? room * 2 : 16384;
			bigger = realloc(text, room);
			if (!bigger)
				goto err;
			text = bigger;
		}
		n = read(fd, text + used, room - used - 1);
		if (n < 0 && errno != EINTR)
			goto err;
		if (n > 0)
			used += (size_t)n;
	} while (n);
	close(fd);
	text[used] = '\0';
	if (len)
		*len = used;
	return text;
err:
	err = errno;
	free(text);
	close(fd);
	errno = err;
	return NULL;
}

/**
 * file_read_line - read the first line of a file
 * @path: path of the file
 * @buf: set to the line, without the newline
 * @room: size of @buf; a longer line is truncated
 *
 * Return: true on success; otherwise @buf is empty and errno is set.
 */
bool file_read_line(const char *path, char *buf, size_t room)
{
	char *text = file_read(path, NULL);

	*buf = '\0';
	if (!text)
		return false;
	snprintf(buf, room, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return true;
}

/**
 * file_exists - check whether a file exists
 * @path: path of the file
 *
 * Return: true if it does.
 */
bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

/**
 * file_write - write to an existing file, as in sysfs
 * @path: path of the file
 * @text: text to write
 *
 * Return: 0 or an errno.
 */
int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), err = 0;
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return errno;
	n = write(fd, text, len);
	if (n < 0)
		err = errno;
	else if ((size_t)n != len)
		err = EIO;
	close(fd);
	return err;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) ? errno : 0;
}

/* Makes the rename durable. */
static void sync_dir(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/**
 * file_replace - replace the contents of a file atomically
 * @path: path of the file; a symbolic link is followed
 * @text: new contents
 * @len: length of @text in bytes
 *
 * Readers see either the old or the new contents. Owner and mode are kept.
 *
 * Return: 0, or an errno; after an error the file is unchanged.
 */
int file_replace(const char *path, const char *text, size_t len)
{
	char target[PATH_MAX], temp[PATH_MAX], copy[PATH_MAX];
	const char *name;
	struct stat st;
	bool old;
	int fd, err;

	if (!realpath(path, target)) {
		if (errno != ENOENT)
			return errno;
		if (snprintf(target, sizeof(target), "%s", path) >=
		    (int)sizeof(target))
			return ENAMETOOLONG;
	}
	old = !stat(target, &st);
	if (old && !S_ISREG(st.st_mode))
		return EINVAL;
	/* A hidden file in the same directory, so that rename() is atomic. */
	snprintf(copy, sizeof(copy), "%s", target);
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	if (snprintf(temp, sizeof(temp), "%s/.%s.XXXXXX", dirname(copy), name) >=
	    (int)sizeof(temp))
		return ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return errno;
	err = write_all(fd, text, len);
	if (!err && old && (st.st_uid != geteuid() || st.st_gid != getegid()) &&
	    fchown(fd, st.st_uid, st.st_gid))
		err = errno;
	if (!err && fchmod(fd, old ? st.st_mode & 07777 : 0644))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && rename(temp, target))
		err = errno;
	if (err)
		unlink(temp);
	else
		sync_dir(target);
	return err;
}
