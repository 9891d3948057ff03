// SPDX-License-Identifier: GPL-2.0
/*
 * Looks up symbols in a file in the format of /proc/kallsyms.
 *
 * The results are those of the kernel's own functions. Only one table can be open, as the
 * callbacks of struct slc_kernel have no context argument.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "kallsyms.h"

struct symbol {
	unsigned long	addr;
	const char	*name;
	size_t		line;		/* order of symbols with equal keys */
	char		type;
};

static struct {
	char		*text;		/* the names point into this */
	struct symbol	*by_name;
	struct symbol	*by_addr;
	size_t		nr;
} table;

static int cmp_ulong(unsigned long a, unsigned long b)
{
	return a < b ? -1 : a > b;
}

static int cmp_name(const void *a, const void *b)
{
	const struct symbol *l = a, *r = b;
	int ret = strcmp(l->name, r->name);

	return ret ? ret : cmp_ulong(l->line, r->line);
}

static int cmp_addr(const void *a, const void *b)
{
	const struct symbol *l = a, *r = b;
	int ret = cmp_ulong(l->addr, r->addr);

	return ret ? ret : cmp_ulong(l->line, r->line);
}

/*
 * A line is "address type name". For symbols of modules a tab and "[module]" follow.
 * Symbols of modules are left out: all symbols that the resolver looks up are in the
 * kernel itself, where the kernel searches first.
 */
static int parse(bool *any)
{
	size_t room = 0;
	char *line, *next;

	for (line = table.text; *line; line = next) {
		struct symbol sym;
		char *end;

		next = strchrnul(line, '\n');
		if (*next)
			*next++ = '\0';
		sym.addr = strtoul(line, &end, 16);
		if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
			return EINVAL;
		if (strchr(end + 3, '\t'))
			continue;
		sym.type = end[1];
		sym.name = end + 3;
		sym.line = table.nr;
		*any |= sym.addr;
		if (table.nr == room) {
			struct symbol *bigger;

			room = room ? room * 2 : 1 << 18;
			bigger = reallocarray(table.by_name, room, sizeof(sym));
			if (!bigger)
				return ENOMEM;
			table.by_name = bigger;
		}
		table.by_name[table.nr++] = sym;
	}
	return table.nr ? 0 : EINVAL;
}

/**
 * kallsyms_open - read the symbols for the other functions
 * @path: path of the file
 *
 * Return: 0; EPERM if all addresses are 0 (hidden), in which case only kallsyms_has()
 * can be used; EINVAL if the format is not that of kallsyms; or another errno.
 */
int kallsyms_open(const char *path)
{
	bool any = false;
	int err;

	table.text = file_read(path, NULL);
	if (!table.text)
		return errno;
	err = parse(&any);
	if (!err) {
		table.by_addr = calloc(table.nr, sizeof(*table.by_addr));
		err = table.by_addr ? 0 : ENOMEM;
	}
	if (err) {
		kallsyms_close();
		return err;
	}
	memcpy(table.by_addr, table.by_name, table.nr * sizeof(*table.by_addr));
	qsort(table.by_name, table.nr, sizeof(*table.by_name), cmp_name);
	qsort(table.by_addr, table.nr, sizeof(*table.by_addr), cmp_addr);
	return any ? 0 : EPERM;
}

/** kallsyms_close - free the symbols */
void kallsyms_close(void)
{
	free(table.text);
	free(table.by_name);
	free(table.by_addr);
	memset(&table, 0, sizeof(table));
}

static const struct symbol *find(const char *name)
{
	size_t lo = 0, hi = table.nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(table.by_name[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == table.nr || strcmp(table.by_name[lo].name, name))
		return NULL;
	return &table.by_name[lo];
}

/**
 * kallsyms_has - check whether a symbol exists
 * @name: exact name of the symbol
 *
 * Return: true if it does.
 */
bool kallsyms_has(const char *name)
{
	return find(name);
}

/**
 * kallsyms_lookup - the lookup callback of struct slc_kernel
 * @name: exact name of the symbol
 *
 * Return: the address of the first symbol of that name, or 0.
 */
unsigned long kallsyms_lookup(const char *name)
{
	const struct symbol *sym = find(name);

	return sym ? sym->addr : 0;
}

/* Return the number of symbols at or below @addr. */
static size_t count_up_to(unsigned long addr)
{
	size_t lo = 0, hi = table.nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (table.by_addr[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/**
 * kallsyms_size - the size callback of struct slc_kernel
 * @addr: address of a symbol
 *
 * As in the kernel, which does not record sizes, a symbol extends to the next symbol at
 * a higher address.
 *
 * Return: the size in bytes, or 0 if it is unknown.
 */
unsigned long kallsyms_size(unsigned long addr)
{
	size_t next = count_up_to(addr);

	if (!next || next == table.nr || table.by_addr[next - 1].addr != addr)
		return 0;
	return table.by_addr[next].addr - addr;
}

/**
 * kallsyms_each - the each callback of struct slc_kernel
 * @fn: called for each symbol of the kernel itself
 * @data: handed to @fn
 */
void kallsyms_each(slc_symbol_fn fn, void *data)
{
	size_t i;

	for (i = 0; i < table.nr; i++) {
		if (fn(data, table.by_addr[i].name, table.by_addr[i].addr))
			break;
	}
}

/**
 * kallsyms_function - the where callback of struct slc_kernel
 * @addr: an address
 * @start: set to the address of the function that contains it
 *
 * Return: the name of the function, or NULL. Of several names for one address, the one
 * that is listed first.
 */
const char *kallsyms_function(unsigned long addr, unsigned long *start)
{
	size_t i = count_up_to(addr);
	const struct symbol *best = NULL;

	while (i--) {
		const struct symbol *s = &table.by_addr[i];

		if (best && s->addr != best->addr)
			break;
		if (strchr("tTwW", s->type))
			best = s;
	}
	if (!best)
		return NULL;
	*start = best->addr;
	return best->name;
}

/**
 * kallsyms_where - get the function that contains an address
 * @addr: the address
 * @offset: set to the offset of @addr in the function
 *
 * Return: the name of the function as kallsyms_function(), or "?" if there is none.
 */
const char *kallsyms_where(unsigned long addr, unsigned long *offset)
{
	unsigned long start = addr;
	const char *name = kallsyms_function(addr, &start);

	*offset = addr - start;
	return name ? name : "?";
}
