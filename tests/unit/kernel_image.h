/* SPDX-License-Identifier: GPL-2.0 */
/* Callbacks for the resolver that read the image of a kernel that is not running. */
#ifndef _KERNEL_IMAGE_H
#define _KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "layout.h"

/**
 * struct kernel_section - executable bytes of the image
 * @name: the section's name
 * @addr: its kernel address, without KASLR
 * @len: length in bytes
 * @bytes: its contents
 */
struct kernel_section {
	const char	*name;
	unsigned long	addr;
	size_t		len;
	const u8	*bytes;
};

bool kernel_image_open(const char *vmlinux, const char *kallsyms);
void kernel_image_close(void);

const void *kernel_image_btf(size_t *len);
bool kernel_image_code(unsigned int nr, struct kernel_section *section);

void kernel_image_hide(const char *name);
void kernel_image_show_all(void);
void kernel_image_watch(void (*watch)(const char *name, unsigned long addr));

unsigned long kernel_image_lookup(const char *name);
void kernel_image_each(slc_symbol_fn fn, void *data);
const char *kernel_image_where(unsigned long addr, unsigned long *start);
const u8 *kernel_image_text(unsigned long addr, size_t len);

#endif /* _KERNEL_IMAGE_H */
