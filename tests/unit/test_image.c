// SPDX-License-Identifier: GPL-2.0
/*
 * Resolves the layout from the image of a real kernel.
 *
 * Usage:
 *	test_image [--expect ok|ENODEV] [--refusals] [--compiled] VMLINUX KALLSYMS
 *
 * Prints the layout. Fails if an item is missing, or if a function calls the flush
 * that layout.c does not know. With --refusals it also removes everything that the
 * resolver looks up, one item at a time, and checks that it refuses the kernel and
 * names the item. The lookups are recorded, not listed here, so that new ones are
 * tested as well. With --compiled the image is only one object of a kernel, in which the
 * compiler may have duplicated the loop: see tests/sources.sh.
 *
 * cmocka also writes to stdout; the lines without a bracket are the layout.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cmocka_compat.h"
#include "btf.h"
#include "kallsyms.h"
#include "kernel_image.h"
#include "layout.h"
#include "why.h"

#define MAX_ASKED	64
#define NAME_LEN	64

/* How far before and after its symbol a call may enter the flush, as in the module. */
#define TARGET_BEFORE	16
#define TARGET_AFTER	4

/* An item that the resolver looked up in the kernel. */
struct asked {
	char		name[NAME_LEN];
	char		because[NAME_LEN];	/* name that a refusal must contain */
	unsigned long	addr;			/* symbols only */
};

struct asked_list {
	struct asked	items[MAX_ASKED];
	unsigned int	nr;
};

static struct {
	struct slc_btf		btf;
	u8			*blob;		/* a copy to be changed */
	size_t			blob_len;
	struct slc_kernel	kernel;
	struct slc_layout	layout;		/* of the unchanged image */
	bool			recording;
	bool			compiled;	/* the option --compiled */
	struct asked_list	symbols;
	struct asked_list	names;		/* in BTF */
} t;

static void remember(struct asked_list *list, const char *name, size_t len,
		     const char *because, unsigned long addr)
{
	struct asked *a;
	unsigned int i;

	if (!t.recording || !len)
		return;
	for (i = 0; i < list->nr; i++) {
		if (strlen(list->items[i].name) == len &&
		    !memcmp(list->items[i].name, name, len))
			return;
	}
	assert_true(list->nr < MAX_ASKED && len < NAME_LEN &&
		    strlen(because) < NAME_LEN);
	a = &list->items[list->nr++];
	memcpy(a->name, name, len);
	memcpy(a->because, because, strlen(because));
	a->addr = addr;
}

static void remember_symbol(const char *name, unsigned long addr)
{
	remember(&t.symbols, name, strlen(name), name, addr);
}

/* A refusal must name the item itself, or the type or function it belongs to. */
static void remember_name(const char *name, const char *because)
{
	remember(&t.names, name, strlen(name), because, 0);
}

/* The linker makes the resolver call these wrappers of btf.c's functions. */
int __real_slc_btf_field(const struct slc_btf *btf, const char *type,
			 const char *path, struct slc_btf_field *field);
int __real_slc_btf_enum(const struct slc_btf *btf, const char *name,
			s64 *value);
int __real_slc_btf_param(const struct slc_btf *btf, const char *func, u32 nr,
			 const char **type);
int __real_slc_btf_return(const struct slc_btf *btf, const char *func, u32 *size);
int __real_slc_btf_var(const struct slc_btf *btf, const char *name,
		       u32 *kind, const char **type);
int __wrap_slc_btf_field(const struct slc_btf *btf, const char *type,
			 const char *path, struct slc_btf_field *field);
int __wrap_slc_btf_enum(const struct slc_btf *btf, const char *name,
			s64 *value);
int __wrap_slc_btf_param(const struct slc_btf *btf, const char *func, u32 nr,
			 const char **type);
int __wrap_slc_btf_return(const struct slc_btf *btf, const char *func, u32 *size);
int __wrap_slc_btf_var(const struct slc_btf *btf, const char *name,
		       u32 *kind, const char **type);

int __wrap_slc_btf_field(const struct slc_btf *btf, const char *type,
			 const char *path, struct slc_btf_field *field)
{
	int ret = __real_slc_btf_field(btf, type, path, field);
	const char *p;
	size_t len;

	if (!ret) {
		remember_name(type, type);
		for (p = path; *p; p += len + (p[len] == '.')) {
			char part[NAME_LEN] = "";

			len = strcspn(p, ".");
			assert_true(len < sizeof(part));
			memcpy(part, p, len);
			remember_name(part, part);
		}
	}
	return ret;
}

int __wrap_slc_btf_enum(const struct slc_btf *btf, const char *name, s64 *value)
{
	int ret = __real_slc_btf_enum(btf, name, value);

	if (!ret)
		remember_name(name, name);
	return ret;
}

int __wrap_slc_btf_param(const struct slc_btf *btf, const char *func, u32 nr,
			 const char **type)
{
	int ret = __real_slc_btf_param(btf, func, nr, type);

	/* "No such parameter" is also recorded. */
	if (!ret || ret == -ERANGE)
		remember_name(func, func);
	if (!ret)
		remember_name(*type, func);
	return ret;
}

int __wrap_slc_btf_return(const struct slc_btf *btf, const char *func, u32 *size)
{
	int ret = __real_slc_btf_return(btf, func, size);

	if (!ret)
		remember_name(func, func);
	return ret;
}

int __wrap_slc_btf_var(const struct slc_btf *btf, const char *name,
		       u32 *kind, const char **type)
{
	int ret = __real_slc_btf_var(btf, name, kind, type);

	if (!ret) {
		remember_name(name, name);
		remember_name(*type, name);
	}
	return ret;
}

static const char *where(unsigned long addr)
{
	static char buf[4][128];
	static unsigned int nr;
	unsigned long offset;
	const char *name = kallsyms_where(addr, &offset);
	char *p = buf[nr++ % ARRAY_SIZE(buf)];

	snprintf(p, sizeof(buf[0]), "%s+0x%lx", name, offset);
	return p;
}

static bool is_in(unsigned long addr, const char *func)
{
	unsigned long offset;

	return addr && !strcmp(kallsyms_where(addr, &offset), func);
}

static void print_layout(const struct slc_layout *l)
{
	static const char * const args[] = {
		[SLC_FLUSH_RQ] = "rq",
		[SLC_FLUSH_SCH_RQ] = "sch, rq",
		[SLC_FLUSH_RQ_RF] = "rq, rf",
	};
	static const char * const at[] = {
		[SLC_DSPC_POINTER] = "pointer to per-CPU data",
		[SLC_DSPC_STRUCT] = "per-CPU variable",
		[SLC_DSPC_SCHED] = "per-CPU data of the scheduler",
	};
	static const char * const roles[] = {
		[SLC_SITE_ROOT] = "root",
		[SLC_SITE_NESTED] = "nested",
		[SLC_SITE_PASS] = "pass",
	};
	static const char * const global_at[] = {
		[SLC_GLOBAL_NONE] = "not known",
		[SLC_GLOBAL_SYMBOL] = "global variable",
		[SLC_GLOBAL_SCHED] = "array of the scheduler",
		[SLC_GLOBAL_PNODE] = "nodes of the scheduler",
	};
	u32 i;

	for (i = 0; i < l->sites.nr; i++)
		printf("%-10s %s (return address)\n", roles[l->sites.site[i].role],
		       where(l->sites.site[i].ret_addr));
	printf("host       %s at %lx, mask of its result %llx, rq is parameter %u\n",
	       l->host_name, l->host, l->host_ret, l->host_rq);
	printf("flush      %s(%s) at %lx\n", l->flush_name,
	       args[l->flush_args], l->flush);
	printf("dspc       %s", at[l->dspc_at]);
	if (l->dspc_at == SLC_DSPC_SCHED)
		printf(", scx_sched.pcpu +%u", l->sch_pcpu);
	else
		printf(" at %lx", l->dspc);
	printf(", nr_tasks +%u\n", l->dspc_nr_tasks);
	printf("limit      %u, at most %u\n", l->kernel_limit, l->max_limit);
	printf("runqueues  at %lx, balance_callback +%u, clock flags +%u\n", l->runqueues,
	       l->rq_balance_callback, l->rq_clock_flags);
	printf("restarts   %s, core_enabled +%u, lock_drop_seq +%u\n",
	       l->restarts ? "yes" : "no", l->rq_core_enabled, l->rq_lock_drop_seq);
	printf("global DSQ %s, at %lx, +%u, +%u, nr +%u\n", global_at[l->global_at],
	       l->global, l->sch_global, l->pnode_global, l->dsq_nr);
	printf("rq         curr +%u, cpu +%u, nr_switches +%u, local nr +%u\n",
	       l->rq_curr, l->rq_cpu, l->rq_nr_switches, l->rq_local_nr);
	printf("task       flags +%u (queued 0x%x), slice +%u\n",
	       l->task_flags, l->task_queued, l->task_slice);
	if (l->sub_dispatch)
		printf("children   scx_bpf_sub_dispatch at %lx, level +%u, cgroup +%u\n",
		       l->sub_dispatch, l->sch_level, l->sch_cgroup);
	printf("schedulers root at %lx, list at %lx, node +%u\n",
	       l->root, l->sched_all, l->sch_all);
	printf("sysfs      directory +%u, id +%u\n", l->sch_node, l->node_id);
	printf("name       %s +%u, %u bytes\n",
	       l->ops ? "scx_ops" : "scx_sched", l->ops_name, l->ops_name_len);
}

static int resolve(struct slc_layout *layout, struct slc_why *why)
{
	int ret;

	memset(why->text, '#', SLC_WHY_LEN);
	ret = slc_layout_resolve(&t.kernel, layout, why);
	assert_non_null(memchr(why->text, '\0', SLC_WHY_LEN));
	if (ret)
		assert_string_not_equal(why->text, "");
	else
		assert_string_equal(why->text, "");
	return ret;
}

static void test_no_sched_ext(void **state)
{
	struct slc_layout layout;
	struct slc_why why;

	(void)state;
	assert_int_equal(resolve(&layout, &why), -ENODEV);
	printf("refused    %s\n", why.text);
}

static u32 role_sites(enum slc_site_role role)
{
	u32 i, nr = 0;

	for (i = 0; i < t.layout.sites.nr; i++)
		nr += t.layout.sites.site[i].role == role;
	return nr;
}

static bool is_kick(const char *name)
{
	/* scx_kick_cpu, scx_bpf_kick_cpu, and parts split from them */
	return !strncmp(name, "scx_kick_cpu", 12) || !strncmp(name, "scx_bpf_kick_cpu", 16);
}

static int remember_kick(void *data, const char *name, unsigned long addr)
{
	(void)data;
	if (is_kick(name))
		remember_symbol(name, addr);
	return 0;
}

static void test_resolves(void **state)
{
	const struct slc_layout *l = &t.layout;
	struct slc_why why;
	u32 i;

	(void)state;
	t.recording = true;
	kernel_image_watch(remember_symbol);
	if (resolve(&t.layout, &why))
		fail_msg("refused: %s", why.text);
	kernel_image_watch(NULL);
	t.recording = false;
	print_layout(l);

	/* Every packaged series has these; a value of 0 would be wrong. */
	assert_true(l->sites.nr && l->sites.nr <= SLC_SITES_MAX);
	assert_int_equal(l->flush, kernel_image_lookup(l->flush_name));
	assert_true(l->task_queued);
	assert_true(l->dspc_nr_tasks && l->rq_local_nr && l->task_slice);
	assert_true(l->root && l->sch_node && l->node_id);
	assert_true(l->idle_class && l->task_class);
	assert_int_equal(l->runqueues, kernel_image_lookup("runqueues"));
	assert_true(l->rq_balance_callback && l->dsq_nr);
	assert_int_equal(l->kernel_limit, 32);
	assert_int_equal(l->max_limit, 65535);
	assert_int_equal(l->host, kernel_image_lookup(l->host_name));
	/* It returns a pointer to the task, or an int. BTF may not have what gcc changed. */
	if (!t.compiled || !strchr(l->host_name, '.'))
		assert_int_equal(l->host_ret, strstr(l->host_name, "pick_task_scx") ?
				 U64_MAX : U32_MAX);
	assert_int_equal(l->host_rq, 0);
	assert_true(l->ops_name_len >= 16);
	if (kernel_image_lookup("scx_bpf_sub_dispatch")) {
		assert_int_equal(l->dspc_at, SLC_DSPC_SCHED);
		assert_int_equal(l->global_at, SLC_GLOBAL_PNODE);
		assert_true(is_in(l->sub_dispatch, "scx_bpf_sub_dispatch"));
		assert_true(l->sch_level && l->sch_cgroup);
		assert_true(l->sched_all && l->sch_all);
	} else {
		assert_int_equal(l->sub_dispatch, 0);
		assert_int_equal(l->global_at, l->flush_args == SLC_FLUSH_SCH_RQ ?
				 SLC_GLOBAL_SCHED : SLC_GLOBAL_SYMBOL);
	}
	assert_true(role_sites(SLC_SITE_ROOT));
	assert_int_equal(!role_sites(SLC_SITE_NESTED), !l->sub_dispatch);
	assert_true(role_sites(SLC_SITE_PASS));
	/* All packaged kernels are built at -O2. */
	if (!t.compiled) {
		assert_int_equal(role_sites(SLC_SITE_ROOT), 1);
		assert_int_equal(role_sites(SLC_SITE_NESTED), !!l->sub_dispatch);
	}
	for (i = 0; i < l->sites.nr; i++) {
		if (!t.compiled)
			assert_true(is_in(l->sites.site[i].ret_addr, l->sites.site[i].func));
		assert_true(!i || l->sites.site[i].role >= l->sites.site[i - 1].role);
	}
	assert_true(is_in(l->sites.site[0].ret_addr, l->host_name));

	/* What it found among all symbols is hidden below, like what it looked up. */
	t.recording = true;
	remember_symbol(l->flush_name, l->flush);
	kernel_image_each(remember_kick, NULL);
	t.recording = false;
}

static bool known_site(unsigned long ret_addr)
{
	u32 i;

	for (i = 0; i < t.layout.sites.nr; i++) {
		if (ret_addr == t.layout.sites.site[i].ret_addr)
			return true;
	}
	return false;
}

/*
 * Search all of the kernel's code for calls of the flush and for jumps to it. A jump
 * would be a tail call, which has its caller's return address. Instructions are not
 * decoded, so this may find more calls than there are, but misses none.
 */
static void test_no_unknown_caller(void **state)
{
	unsigned int nr, calls = 0, unknown = 0;
	struct kernel_section s;

	(void)state;
	assert_true(t.layout.flush);
	for (nr = 0; kernel_image_code(nr, &s); nr++) {
		size_t i;

		for (i = 0; i + 5 <= s.len; i++) {
			bool call = s.bytes[i] == 0xe8;
			unsigned long next = s.addr + i + 5;
			s32 rel;
			s64 off;

			/* call; jmp; the second byte of jcc */
			if (!call && s.bytes[i] != 0xe9 &&
			    (s.bytes[i] & 0xf0) != 0x80)
				continue;
			memcpy(&rel, s.bytes + i + 1, sizeof(rel));
			off = (s64)(next + (s64)rel - t.layout.flush);
			if (off < -TARGET_BEFORE || off > TARGET_AFTER)
				continue;
			if (!call && s.bytes[i] != 0xe9 &&
			    (!i || s.bytes[i - 1] != 0x0f))
				continue;
			if (call && known_site(next)) {
				calls++;
				continue;
			}
			unknown++;
			print_error("unknown %s of %s at %s in %s\n",
				    call ? "call" : "jump",
				    t.layout.flush_name, where(s.addr + i),
				    s.name);
		}
	}
	assert_true(nr);
	assert_int_equal(unknown, 0);
	assert_int_equal(calls, t.layout.sites.nr);
}

static bool in_word(char c)
{
	return c == '_' || isalnum((unsigned char)c);
}

/* Does @why contain @name, and not only as a part of a longer name? */
static bool names(const char *why, const char *name)
{
	size_t len = strlen(name);
	const char *p = why;

	while ((p = strstr(p, name))) {
		if ((p == why || !in_word(p[-1])) && !in_word(p[len]))
			return true;
		p++;
	}
	return false;
}

static bool is_caller(const char *name)
{
	u32 i;

	for (i = 0; i < t.layout.sites.nr; i++) {
		if (!strcmp(t.layout.sites.site[i].func, name))
			return true;
	}
	return false;
}

/* Check the resolver's result for a kernel without @symbol. */
static void check_without_symbol(const struct asked *symbol)
{
	struct slc_layout with = t.layout, without;
	const char *because = symbol->because;
	struct slc_why why;
	int want = -EOPNOTSUPP, ret;

	ret = resolve(&without, &why);
	if (!strcmp(symbol->name, "ext_sched_class")) {
		want = -ENODEV;
		because = "sched_ext";
	} else if (is_caller(symbol->name)) {
		/* It cannot know which of the names of callers the kernel has. */
		because = t.layout.flush_name;
	} else if (!strcmp(symbol->name, "scx_root") ||
		   !strcmp(symbol->name, "scx_root_kobj")) {
		want = 0;
		with.root = 0;
	} else if (!strcmp(symbol->name, "scx_sched_all")) {
		want = 0;
		with.sched_all = 0;
	} else if (!strcmp(symbol->name, "global_dsqs")) {
		want = 0;
		with.global_at = SLC_GLOBAL_NONE;
		with.global = 0;
		with.dsq_nr = 0;
	} else if (is_kick(symbol->name)) {
		want = 0;
		/* There may be two kicks, of which the loop calls only one. */
		if (!without.kernel_limit) {
			with.kernel_limit = 0;
			with.max_limit = without.max_limit;
		}
	}

	if (ret != want)
		fail_msg("without symbol %s: got %d instead of %d (%s)",
			 symbol->name, ret, want, why.text);
	if (ret && !names(why.text, because))
		fail_msg("without symbol %s: the message does not name %s: %s",
			 symbol->name, because, why.text);
	if (!ret && memcmp(&with, &without, sizeof(with)))
		fail_msg("without symbol %s: the layout is another",
			 symbol->name);
	printf("without symbol %s: %s\n", symbol->name, ret ? why.text : "resolves");
}

static void test_without_symbols(void **state)
{
	struct slc_layout layout;
	struct slc_why why;
	unsigned int i, kicks = 0;

	(void)state;
	assert_true(t.symbols.nr > 5);
	for (i = 0; i < t.symbols.nr; i++) {
		if (!t.symbols.items[i].addr)
			continue;
		kernel_image_hide(t.symbols.items[i].name);
		check_without_symbol(&t.symbols.items[i]);
		kernel_image_show_all();
	}

	/* Without the kick, the kernel is treated as one without a known cap. */
	for (i = 0; i < t.symbols.nr; i++) {
		if (is_kick(t.symbols.items[i].name)) {
			kernel_image_hide(t.symbols.items[i].name);
			kicks++;
		}
	}
	assert_true(kicks);
	assert_int_equal(resolve(&layout, &why), 0);
	assert_int_equal(layout.kernel_limit, 0);
	assert_true(layout.max_limit == 32 || layout.max_limit == 65535);
	kernel_image_show_all();
}

static bool is_one_of(const char *name, const char * const *names)
{
	for (; *names; names++) {
		if (!strcmp(name, *names))
			return true;
	}
	return false;
}

static bool is_on_way_to_node(const char *name)
{
	static const char * const names[] = {
		"kobj", "sd", "kobject", "kernfs_node", "id", "rcu", NULL
	};

	return is_one_of(name, names);
}

static bool is_on_way_to_global(const char *name)
{
	static const char * const names[] = {
		"scx_dispatch_q", "global_dsqs", "pnode", "scx_sched_pnode", "global_dsq", NULL
	};

	return is_one_of(name, names);
}

/* Overwrite a name in the string section. It is not part of another string there. */
static char *find_string(const char *name)
{
	size_t len = strlen(name) + 1;
	char *p = (char *)t.btf.strs, *end = p + t.btf.strs_len;

	for (p++; p < end && len <= (size_t)(end - p); p += strlen(p) + 1) {
		if (!memcmp(p, name, len))
			return p;
	}
	return NULL;
}

static void test_without_names(void **state)
{
	unsigned int i;

	(void)state;
	assert_true(t.names.nr > 10);
	for (i = 0; i < t.names.nr; i++) {
		const struct asked *a = &t.names.items[i];
		struct slc_layout with = t.layout, without;
		char *p = find_string(a->name);
		int want = -EOPNOTSUPP, ret;
		struct slc_why why;

		if (!p)
			fail_msg("%s is not in the string section", a->name);
		memset(p, '#', strlen(a->name));
		ret = resolve(&without, &why);
		memcpy(p, a->name, strlen(a->name));

		if (!strcmp(a->name, "donor")) {
			want = 0;	/* older kernels have none */
		} else if (!strcmp(a->name, "SCX_DSP_MAX_LOOPS")) {
			want = 0;
			/* A kick, but not after how many rounds. */
			with.max_limit = with.kernel_limit ? 32 : 65535;
			with.kernel_limit = 0;
		} else if (!strcmp(a->name, t.layout.host_name)) {
			want = 0;
			with.host_ret = 0;
			with.host_rq = 0;
		} else if (!strcmp(a->name, "core_enabled")) {
			want = 0;
			with.restarts = false;
			with.rq_core_enabled = 0;
			with.rq_lock_drop_seq = 0;
		} else if (is_on_way_to_global(a->name)) {
			want = 0;
			with.global_at = SLC_GLOBAL_NONE;
			with.sch_global = 0;
			with.pnode_global = 0;
			with.dsq_nr = 0;
			with.global = 0;
		} else if (is_on_way_to_node(a->name)) {
			want = 0;
			with.sch_node = 0;
			with.node_id = 0;
		} else if (!strcmp(a->name, "all")) {
			want = 0;
			with.sched_all = 0;
			with.sch_all = 0;
		}
		if (ret != want)
			fail_msg("without %s in BTF: got %d instead of %d (%s)",
				 a->name, ret, want, why.text);
		if (ret && !names(why.text, a->name) && !names(why.text, a->because))
			fail_msg("without %s in BTF: the message does not name it: %s",
				 a->name, why.text);
		if (!ret && memcmp(&with, &without, sizeof(with)))
			fail_msg("without %s in BTF: the layout is another",
				 a->name);
		printf("without name %s: %s\n", a->name,
		       ret ? why.text : "resolves");
	}
}

static int open_image(const char *vmlinux, const char *kallsyms)
{
	const void *section;
	int ret;

	if (!kernel_image_open(vmlinux, kallsyms))
		return -EIO;
	section = kernel_image_btf(&t.blob_len);
	if (!section) {
		fprintf(stderr, "%s: no .BTF section\n", vmlinux);
		return -EIO;
	}
	t.blob = malloc(t.blob_len);
	if (!t.blob)
		abort();
	memcpy(t.blob, section, t.blob_len);
	ret = slc_btf_open(&t.btf, t.blob, t.blob_len);
	if (ret) {
		fprintf(stderr, "%s: BTF is refused (%d)\n", vmlinux, ret);
		return ret;
	}
	t.kernel.btf = &t.btf;
	t.kernel.lookup = kernel_image_lookup;
	t.kernel.each = kernel_image_each;
	t.kernel.where = kernel_image_where;
	t.kernel.size = kallsyms_size;
	t.kernel.text = kernel_image_text;
	return 0;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: test_image [--expect ok|ENODEV] [--refusals] [--compiled] VMLINUX KALLSYMS\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest no_sched_ext[] = {
		cmocka_unit_test(test_no_sched_ext),
	};
	static const struct CMUnitTest complete[] = {
		cmocka_unit_test(test_resolves),
		cmocka_unit_test(test_no_unknown_caller),
	};
	static const struct CMUnitTest refused[] = {
		cmocka_unit_test(test_without_symbols),
		cmocka_unit_test(test_without_names),
	};
	bool ok = true, refusals = false;
	int arg, ret;

	for (arg = 1; arg < argc && !strncmp(argv[arg], "--", 2); arg++) {
		if (!strcmp(argv[arg], "--refusals"))
			refusals = true;
		else if (!strcmp(argv[arg], "--compiled"))
			t.compiled = true;
		else if (strcmp(argv[arg], "--expect") || ++arg == argc)
			return usage();
		else if (!strcmp(argv[arg], "ENODEV"))
			ok = false;
		else if (strcmp(argv[arg], "ok"))
			return usage();
	}
	if (argc - arg != 2 || (refusals && !ok))
		return usage();

	if (open_image(argv[arg], argv[arg + 1]))
		return 1;
	if (!ok)
		ret = cmocka_run_group_tests(no_sched_ext, NULL, NULL);
	else
		ret = cmocka_run_group_tests(complete, NULL, NULL);
	if (!ret && refusals)
		ret = cmocka_run_group_tests(refused, NULL, NULL);
	slc_btf_close(&t.btf);
	free(t.blob);
	kernel_image_close();
	return !!ret;
}
