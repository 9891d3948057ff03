// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks for the resolver that read the image of a kernel that is not running.
 *
 * Machine code and types are read from the uncompressed ELF file. Distributions
 * strip its symbol table, so symbols are read from a copy of /proc/kallsyms of the
 * same kernel, booted with nokaslr: its addresses are those of the image.
 *
 * The callbacks have no context parameter, so only one image can be open.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kallsyms.h"
#include "kernel_image.h"

#define MAX_HIDDEN	16

/* What kernel_image_each() is called with. */
struct seer {
	slc_symbol_fn	fn;
	void		*data;
};

static struct {
	const u8	*elf;
	size_t		elf_len;
	const char	*hidden[MAX_HIDDEN];
	unsigned int	nr_hidden;
	void		(*watch)(const char *name, unsigned long addr);
	u8		*text;		/* result of the last kernel_image_text() */
} image;

static const Elf64_Ehdr *elf_header(void)
{
	return (const Elf64_Ehdr *)image.elf;
}

/* Return the file's contents at @off, or NULL if the file ends before @len bytes. */
static const void *elf_at(u64 off, u64 len)
{
	if (off > image.elf_len || len > image.elf_len - off)
		return NULL;
	return image.elf + off;
}

static const Elf64_Shdr *elf_section(unsigned int nr)
{
	const Elf64_Ehdr *h = elf_header();

	if (nr >= h->e_shnum)
		return NULL;
	return elf_at(h->e_shoff + nr * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
}

static const char *elf_section_name(const Elf64_Shdr *section)
{
	const Elf64_Shdr *names = elf_section(elf_header()->e_shstrndx);
	const char *p;

	if (!names || section->sh_name >= names->sh_size)
		return "";
	p = elf_at(names->sh_offset, names->sh_size);
	if (!p || p[names->sh_size - 1])
		return "";
	return p + section->sh_name;
}

static bool open_elf(const char *path)
{
	const Elf64_Ehdr *h;
	struct stat st;
	void *p;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED) {
		fprintf(stderr, "%s: cannot be mapped\n", path);
		return false;
	}
	image.elf = p;
	image.elf_len = (size_t)st.st_size;

	h = elf_at(0, sizeof(*h));
	if (!h || memcmp(h->e_ident, ELFMAG, SELFMAG) ||
	    h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_machine != EM_X86_64 ||
	    h->e_phentsize != sizeof(Elf64_Phdr) ||
	    h->e_shentsize != sizeof(Elf64_Shdr)) {
		fprintf(stderr, "%s: no ELF file for x86-64\n", path);
		return false;
	}
	return true;
}

static bool open_kallsyms(const char *path)
{
	int err = kallsyms_open(path);

	if (err == EPERM)
		fprintf(stderr, "%s: no addresses; was it read by root?\n", path);
	else if (err)
		fprintf(stderr, "%s: %s\n", path, strerror(err));
	return !err;
}

/**
 * kernel_image_open - open the image that the callbacks read
 * @vmlinux: path of the uncompressed kernel
 * @kallsyms: path of its symbols, in the format of /proc/kallsyms
 *
 * Return: true on success; false after an error message on stderr.
 */
bool kernel_image_open(const char *vmlinux, const char *kallsyms)
{
	if (open_elf(vmlinux) && open_kallsyms(kallsyms))
		return true;
	kernel_image_close();
	return false;
}

/** kernel_image_close - release everything kernel_image_open() acquired */
void kernel_image_close(void)
{
	if (image.elf)
		munmap((void *)image.elf, image.elf_len);
	kallsyms_close();
	free(image.text);
	memset(&image, 0, sizeof(image));
}

/**
 * kernel_image_btf - the type information of the image
 * @len: set to its length in bytes
 *
 * Return: the .BTF section, or NULL.
 */
const void *kernel_image_btf(size_t *len)
{
	const Elf64_Shdr *s;
	unsigned int i;

	for (i = 0; (s = elf_section(i)); i++) {
		if (strcmp(elf_section_name(s), ".BTF"))
			continue;
		*len = s->sh_size;
		return elf_at(s->sh_offset, s->sh_size);
	}
	return NULL;
}

/**
 * kernel_image_code - go through the sections that hold machine code
 * @nr: number of the section, from 0
 * @section: set to the section
 *
 * Return: false when there are no more.
 */
bool kernel_image_code(unsigned int nr, struct kernel_section *section)
{
	const Elf64_Shdr *s;
	unsigned int i;

	for (i = 0; (s = elf_section(i)); i++) {
		if (s->sh_type != SHT_PROGBITS ||
		    !(s->sh_flags & SHF_EXECINSTR) || nr--)
			continue;
		section->name = elf_section_name(s);
		section->addr = s->sh_addr;
		section->len = s->sh_size;
		section->bytes = elf_at(s->sh_offset, s->sh_size);
		return section->bytes;
	}
	return false;
}

/**
 * kernel_image_hide - pretend that the kernel lacks a symbol
 * @name: its name; the string is not copied
 */
void kernel_image_hide(const char *name)
{
	if (image.nr_hidden == MAX_HIDDEN)
		abort();
	image.hidden[image.nr_hidden++] = name;
}

/** kernel_image_show_all - undo all calls of kernel_image_hide() */
void kernel_image_show_all(void)
{
	image.nr_hidden = 0;
}

/**
 * kernel_image_watch - set a function to be called for each lookup of a symbol
 * @watch: called with the name and the result; NULL for none
 */
void kernel_image_watch(void (*watch)(const char *name, unsigned long addr))
{
	image.watch = watch;
}

static bool is_hidden(const char *name)
{
	unsigned int i;

	for (i = 0; i < image.nr_hidden; i++) {
		if (!strcmp(image.hidden[i], name))
			return true;
	}
	return false;
}

/**
 * kernel_image_lookup - the lookup callback of struct slc_kernel
 * @name: the exact name
 *
 * Return: the address of the first symbol of that name, or 0.
 */
unsigned long kernel_image_lookup(const char *name)
{
	unsigned long addr = is_hidden(name) ? 0 : kallsyms_lookup(name);

	if (image.watch)
		image.watch(name, addr);
	return addr;
}

static int see(void *data, const char *name, unsigned long addr)
{
	const struct seer *seer = data;

	return is_hidden(name) ? 0 : seer->fn(seer->data, name, addr);
}

/**
 * kernel_image_each - the each callback of struct slc_kernel
 * @fn: called for each symbol that is not hidden
 * @data: handed to @fn
 */
void kernel_image_each(slc_symbol_fn fn, void *data)
{
	struct seer seer = { fn, data };

	kallsyms_each(see, &seer);
}

/**
 * kernel_image_where - the where callback of struct slc_kernel
 * @addr: an address
 * @start: set to the address of the function that contains it
 *
 * Return: the name of the function; NULL if there is none, or if it is hidden.
 */
const char *kernel_image_where(unsigned long addr, unsigned long *start)
{
	const char *name = kallsyms_function(addr, start);

	if (name && image.watch)
		image.watch(name, *start);
	return name && !is_hidden(name) ? name : NULL;
}

/**
 * kernel_image_text - the text callback of struct slc_kernel
 * @addr: kernel address of the machine code
 * @len: number of bytes
 *
 * Return: a copy, valid until the next call. It has exactly @len bytes, so that
 * AddressSanitizer reports reads beyond its end. NULL if the image has no contents
 * for that address.
 */
const u8 *kernel_image_text(unsigned long addr, size_t len)
{
	const Elf64_Ehdr *h = elf_header();
	unsigned int i;

	for (i = 0; i < h->e_phnum; i++) {
		const Elf64_Phdr *ph = elf_at(h->e_phoff + i * sizeof(*ph),
					      sizeof(*ph));
		const void *bytes;

		if (!ph || ph->p_type != PT_LOAD || addr < ph->p_vaddr ||
		    addr - ph->p_vaddr > ph->p_filesz ||
		    len > ph->p_filesz - (addr - ph->p_vaddr))
			continue;
		bytes = elf_at(ph->p_offset + (addr - ph->p_vaddr), len);
		if (!bytes)
			continue;
		free(image.text);
		image.text = malloc(len);
		if (!image.text)
			abort();
		return memcpy(image.text, bytes, len);
	}
	return NULL;
}
