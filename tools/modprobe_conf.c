// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and changes the module's options in modprobe.d(5).
 *
 * There can be several lines "options scx_loop_cap NAME=VALUE...", and a backslash at
 * the end of a line continues it. If an option is given more than once, the last one
 * applies. All other text is left unchanged.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "files.h"
#include "modprobe_conf.h"

/* A part of the text, not NUL-terminated. */
struct span {
	const char	*start;
	size_t		len;
};

/* Get the next word of a line and its continuations. Return false at the end. */
static bool next_word(const char **pos, struct span *word)
{
	const char *p = *pos;

	for (;;) {
		p += strspn(p, " \t\r");
		if (p[0] != '\\' || p[1] != '\n')
			break;
		p += 2;
	}
	word->start = p;
	while (*p && !strchr(" \t\r\n", *p) && !(p[0] == '\\' && p[1] == '\n'))
		p++;
	word->len = (size_t)(p - word->start);
	*pos = p;
	return word->len;
}

/* Return the start of the line after that of @p, past continuations. */
static const char *next_line(const char *p)
{
	const char *line;
	bool continued;

	do {
		line = p;
		p = strchrnul(p, '\n');
		continued = *p && p > line && p[-1] == '\\';
		p += !!*p;
	} while (continued && *p);
	return p;
}

/* Compare a word; as in names of modules, "-" equals "_". */
static bool word_is(const struct span *word, const char *text)
{
	size_t i;

	if (word->len != strlen(text))
		return false;
	for (i = 0; i < word->len; i++) {
		char c = word->start[i];

		if ((c == '-' ? '_' : c) != text[i])
			return false;
	}
	return true;
}

/* Is this an options line of the module? If so, @pos is set to the first option. */
static bool is_options_line(const char **pos)
{
	struct span word;

	return next_word(pos, &word) && word_is(&word, "options") &&
	       next_word(pos, &word) && word_is(&word, "scx_loop_cap");
}

/* Is the word NAME=VALUE with this name? */
static bool is_option(const struct span *word, const char *name)
{
	size_t len = strlen(name);

	return word->len > len && !strncmp(word->start, name, len) &&
	       word->start[len] == '=';
}

/* In order of priority: a file overrides files of the same name in later directories. */
static const char * const conf_dirs[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

#define NR_DIRS	(sizeof(conf_dirs) / sizeof(conf_dirs[0]))

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int cmp_base(const void *a, const void *b)
{
	return strcmp(base_name(*(char * const *)a), base_name(*(char * const *)b));
}

static bool is_overridden(const char *path, size_t dir)
{
	char other[PATH_LEN];
	size_t i;

	for (i = 0; i < dir; i++) {
		cli_path(other, "%s/%s", conf_dirs[i], base_name(path));
		if (file_exists(other))
			return true;
	}
	return false;
}

/* Set @value to that of the last option with this name, if there is one. */
static void get_from(const char *text, const char *name, char *value, size_t room)
{
	size_t skip = strlen(name) + 1;
	struct span word;
	const char *p, *q;

	for (p = text; *p; p = next_line(p)) {
		q = p;
		if (!is_options_line(&q))
			continue;
		while (next_word(&q, &word)) {
			if (is_option(&word, name))
				snprintf(value, room, "%.*s",
					 (int)(word.len - skip),
					 word.start + skip);
		}
	}
}

static int is_conf(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return *d->d_name != '.' && dot && !strcmp(dot, ".conf");
}

/* Append the configuration files of a directory to a list that the caller frees. */
static char **list_dir(char **files, size_t *nr, size_t dir)
{
	char path[PATH_LEN];
	struct dirent **found;
	int i, n;

	n = scandir(cli_path(path, "%s", conf_dirs[dir]), &found, is_conf, NULL);
	if (n < 0)
		return files;
	files = reallocarray(files, *nr + (size_t)n + 1, sizeof(*files));
	if (!files)
		abort();
	for (i = 0; i < n; i++) {
		cli_path(path, "%s/%s", conf_dirs[dir], found[i]->d_name);
		if (!is_overridden(path, dir))
			files[(*nr)++] = strdup(path);
		free(found[i]);
	}
	free(found);
	return files;
}

/**
 * conf_get - get the value of an option that modprobe will pass to the module
 * @name: name of the option
 * @value: set to the value, or to "" if the option is not set
 * @room: size of @value
 *
 * Return: true if the option is set.
 */
bool conf_get(const char *name, char *value, size_t room)
{
	char **files = NULL, *text;
	size_t nr = 0, i;

	*value = '\0';
	for (i = 0; i < NR_DIRS; i++)
		files = list_dir(files, &nr, i);
	if (nr)
		qsort(files, nr, sizeof(*files), cmp_base);
	for (i = 0; i < nr; i++) {
		text = file_read(files[i], NULL);
		if (text)
			get_from(text, name, value, room);
		free(text);
		free(files[i]);
	}
	free(files);
	return *value;
}

/*
 * Write the text with the option changed in all places. If it is in none, add it to the
 * last options line, or else in a new line.
 */
static void write_changed(FILE *out, const char *text, const char *name, const char *value)
{
	size_t len = strlen(text);
	const char *p, *q, *done = text, *last = NULL;
	struct span word;
	bool any = false;

	for (p = text; *p; p = next_line(p)) {
		q = p;
		if (!is_options_line(&q))
			continue;
		/* The end of the last word, where an option can be added. */
		last = q;
		while (next_word(&q, &word)) {
			last = q;
			if (!is_option(&word, name))
				continue;
			fwrite(done, 1, (size_t)(word.start - done), out);
			fprintf(out, "%s=%s", name, value);
			done = q;
			any = true;
		}
	}
	if (!any && last) {
		fwrite(done, 1, (size_t)(last - done), out);
		fprintf(out, " %s=%s", name, value);
		done = last;
	}
	fputs(done, out);
	if (any || last)
		return;
	if (len && text[len - 1] != '\n')
		fputc('\n', out);
	else if (len)
		len--;
	/* A backslash at the end would join the new line with the last one. */
	if (len && text[len - 1] == '\\')
		fputc('\n', out);
	fprintf(out, "options scx_loop_cap %s=%s\n", name, value);
}

/**
 * conf_set - write an option to the module's file in modprobe.d
 * @name: name of the option
 * @value: value of the option
 *
 * Return: 0 or an errno; after an error the file is unchanged.
 */
int conf_set(const char *name, const char *value)
{
	char path[PATH_LEN], *old, *new = NULL;
	size_t len = 0, read;
	FILE *out;
	int err;

	old = file_read(cli_path(path, CONF_FILE), &read);
	if (!old && errno != ENOENT)
		return errno;
	/* A file with NUL bytes is not text. */
	if (old && strlen(old) != read) {
		free(old);
		return EINVAL;
	}
	out = open_memstream(&new, &len);
	if (!out) {
		free(old);
		return ENOMEM;
	}
	write_changed(out, old ? old : "", name, value);
	err = fclose(out) ? ENOMEM : 0;
	if (!err && (!old || strcmp(old, new)))
		err = file_replace(path, new, len);
	free(old);
	free(new);
	return err;
}
