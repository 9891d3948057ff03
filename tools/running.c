// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the module's resolver on the running kernel, from user space.
 *
 * Its input comes from three files: symbols from /proc/kallsyms, types from
 * /sys/kernel/btf/vmlinux, and machine code from /proc/kcore, the kernel's memory in the
 * format of an ELF core dump.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "cli.h"
#include "files.h"
#include "kallsyms.h"
#include "running.h"

static struct {
	struct slc_btf	btf;
	char		*btf_text;
	int		kcore;
	Elf64_Phdr	*phdrs;
	unsigned int	nr_phdrs;
	int		text_err;	/* errno of reading code, or 0 */
	u8		text[SLC_TEXT_MAX];
} running = { .kcore = -1 };

static int open_kcore(void)
{
	char path[PATH_LEN];
	Elf64_Ehdr h;
	size_t len;

	running.kcore = open(cli_path(path, "/proc/kcore"), O_RDONLY | O_CLOEXEC);
	if (running.kcore < 0)
		return errno;
	if (pread(running.kcore, &h, sizeof(h), 0) != sizeof(h) ||
	    memcmp(h.e_ident, ELFMAG, SELFMAG) ||
	    h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_machine != EM_X86_64 ||
	    h.e_phentsize != sizeof(Elf64_Phdr))
		return ENOEXEC;
	len = h.e_phnum * sizeof(Elf64_Phdr);
	running.phdrs = malloc(len);
	if (!running.phdrs)
		return ENOMEM;
	if (pread(running.kcore, running.phdrs, len, (off_t)h.e_phoff) !=
	    (ssize_t)len)
		return ENOEXEC;
	running.nr_phdrs = h.e_phnum;
	return 0;
}

/* The text callback of struct slc_kernel. */
static const u8 *running_text(unsigned long addr, size_t len)
{
	const Elf64_Phdr *ph;

	/* Opened at the first use, as many unsupported kernels are refused before it. */
	if (running.kcore < 0 && !running.text_err)
		running.text_err = open_kcore();
	if (running.text_err || len > SLC_TEXT_MAX)
		return NULL;
	for (ph = running.phdrs; ph < running.phdrs + running.nr_phdrs; ph++) {
		ssize_t n;

		if (ph->p_type != PT_LOAD || addr < ph->p_vaddr ||
		    addr - ph->p_vaddr > ph->p_filesz ||
		    len > ph->p_filesz - (addr - ph->p_vaddr))
			continue;
		n = pread(running.kcore, running.text, len,
			  (off_t)(ph->p_offset + (addr - ph->p_vaddr)));
		if (n == (ssize_t)len)
			return running.text;
		running.text_err = n < 0 ? errno : EIO;
		return NULL;
	}
	running.text_err = EFAULT;
	return NULL;
}

static int open_btf(struct slc_why *why)
{
	char path[PATH_LEN];
	size_t len;
	int ret;

	running.btf_text = file_read(cli_path(path, "/sys/kernel/btf/vmlinux"),
				     &len);
	/* Without BTF, let the resolver name what is missing. */
	if (!running.btf_text && errno == ENOENT)
		return 0;
	ret = running.btf_text ? slc_btf_open(&running.btf, running.btf_text, len) :
				 -EACCES;
	if (ret == -EACCES)
		return slc_why_set(why, ret, "/sys/kernel/btf/vmlinux cannot be read");
	if (ret)
		return slc_why_set(why, -EOPNOTSUPP, "the kernel's BTF is not understood");
	return 0;
}

/**
 * running_resolve - resolve the layout of the running kernel
 * @layout: filled in
 * @why: after an error, what is missing
 *
 * The functions of kallsyms.h can be used afterwards, until running_close().
 *
 * Return: as slc_layout_resolve(); or -EACCES if one of the files cannot be read.
 */
int running_resolve(struct slc_layout *layout, struct slc_why *why)
{
	struct slc_kernel kernel = {
		.btf	= &running.btf,
		.lookup	= kallsyms_lookup,
		.each	= kallsyms_each,
		.where	= kallsyms_function,
		.size	= kallsyms_size,
		.text	= running_text,
	};
	char path[PATH_LEN];
	int ret;

	memset(layout, 0, sizeof(*layout));
	ret = kallsyms_open(cli_path(path, "/proc/kallsyms"));
	if (ret && ret != EPERM)
		return slc_why_set(why, -EACCES, "/proc/kallsyms cannot be read: %s",
				   strerror(ret));
	/* Names are never hidden: a kernel without sched_ext is recognised without root. */
	if (ret && kallsyms_has("ext_sched_class"))
		return slc_why_set(why, -EACCES,
				   "/proc/kallsyms shows no addresses; run this as root, with kernel.kptr_restrict below 2");
	ret = open_btf(why);
	if (!ret)
		ret = slc_layout_resolve(&kernel, layout, why);
	if (ret && running.text_err)
		ret = slc_why_set(why, -EACCES, "/proc/kcore cannot be read: %s%s",
				  strerror(running.text_err),
				  running.text_err == EPERM ?
				  " (is the kernel locked down?)" : "");
	return ret;
}

/** running_close - free what running_resolve() allocated */
void running_close(void)
{
	slc_btf_close(&running.btf);
	free(running.btf_text);
	free(running.phdrs);
	if (running.kcore >= 0)
		close(running.kcore);
	memset(&running, 0, sizeof(running));
	running.kcore = -1;
	kallsyms_close();
}
