// SPDX-License-Identifier: GPL-2.0
/*
 * The functions of the dispatch loop: the flush, who calls it in which role, the function
 * with the outermost loop, and whether the kernel caps that loop.
 *
 * Compilers inline these functions, copy them, split them, and add suffixes to their
 * symbols. So all calls of the flush are searched for in the kernel's text, and each must
 * be in a function that a table below has.
 *
 * All of it runs in process context while the module loads.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../../include/scx_loop_cap.h"
#include "../arch/arch.h"
#include "layout.h"
#include "sites.h"
#include "why.h"

/* What a compiler's suffix says of a symbol. */
#define SLC_SUFFIX_CHANGED	0x1	/* it may have other parameters */
#define SLC_SUFFIX_PART		0x2	/* it is a part of the function */
#define SLC_SUFFIX_COLD		0x4	/* it is a part that is rarely run */

/*
 * The flush, which follows each ops.dispatch(): it moves tasks from the dispatch buffer
 * to the DSQs.
 */
static const struct slc_flush_shape {
	const char		*name;
	const char		*params[2];	/* what they point to */
	enum slc_flush_args	args;
} slc_flush_shapes[] = {
	/* 7.3 and later: the flush is not static any more */
	{ "scx_flush_dispatch_buf", { "scx_sched", "rq" }, SLC_FLUSH_SCH_RQ },
	/* 6.16 to 7.2: struct scx_sched was introduced */
	{ "flush_dispatch_buf", { "scx_sched", "rq" }, SLC_FLUSH_SCH_RQ },
	/* 6.12 to 6.15 */
	{ "flush_dispatch_buf", { "rq" }, SLC_FLUSH_RQ },
	/* vendor trees of 2023 and 2024, before sched_ext was merged in 6.12 */
	{ "flush_dispatch_buf", { "rq", "rq_flags" }, SLC_FLUSH_RQ_RF },
};

/*
 * Functions that call the flush. The outermost loop is in a static inline function, or in
 * a static one with a single caller, so the compiler decides which function has it.
 */
static const struct slc_caller {
	const char		*name;
	enum slc_site_role	role;
} slc_callers[] = {
	/* 6.12 to 6.18: balance_one() is inlined into it */
	{ "balance_scx", SLC_SITE_ROOT },
	/* 6.12 to 7.2, if not inlined */
	{ "balance_one", SLC_SITE_ROOT },
	/* 6.19: it calls balance_one() */
	{ "pick_task_scx", SLC_SITE_ROOT },
	/* 7.0 and later: the same, since 7.3 dispatch_one() */
	{ "do_pick_task_scx", SLC_SITE_ROOT },
	/* 7.2 and later, if not inlined */
	{ "dispatch_pick", SLC_SITE_ROOT },
	/* 7.2 and later with CONFIG_SCHED_CORE, the same */
	{ "dispatch_core_pick", SLC_SITE_ROOT },
	/* 7.3 and later, if not inlined */
	{ "dispatch_one", SLC_SITE_ROOT },
	/* 7.1 and later, if not inlined, which only a kernel without children may do */
	{ "scx_dispatch_sched", SLC_SITE_ROOT },
	/* 7.1 and later with CONFIG_EXT_SUB_SCHED: a child's loop */
	{ "scx_bpf_sub_dispatch", SLC_SITE_NESTED },
	/* 6.12 to 6.16, and vendor trees before */
	{ "scx_bpf_consume", SLC_SITE_PASS },
	/* 6.13 and later */
	{ "scx_bpf_dsq_move_to_local", SLC_SITE_PASS },
	/* 7.1 and later */
	{ "scx_bpf_dsq_move_to_local___v2", SLC_SITE_PASS },
	/* 6.13 and later; not seen, if split off the above */
	{ "scx_dsq_move_to_local", SLC_SITE_PASS },
	/* 7.3 and later with CONFIG_EXT_SUB_SCHED */
	{ "scx_process_sync_ecaps", SLC_SITE_PASS },
};

/* The loop of both the outermost scheduler and of children, if it is not inlined. */
#define SLC_SHARED_LOOP		"scx_dispatch_sched"

/* What the loop calls when the kernel's own cap fires. */
static const char * const slc_kick_names[] = {
	"scx_kick_cpu",			/* 6.18 and later */
	"scx_bpf_kick_cpu",		/* 6.12 to 6.17 */
};

/*
 * What it calls instead if the compiler inlined the kick. Other parts of the host may
 * call these as well.
 */
static const char * const slc_inner_kick_names[] = {
	"irq_work_queue",		/* 6.12 and later */
	"__irq_work_queue_local",	/* the same, inlined by the linker; not seen */
	"arch_irq_work_raise",		/* the same */
};

/* Suffixes that compilers add to the name of a function. */
static const struct slc_suffix {
	const char	*text;		/* with a number behind it */
	u32		flags;		/* SLC_SUFFIX_... */
} slc_suffixes[] = {
	{ ".llvm.", 0 },			/* clang, ThinLTO: a static made global */
	{ ".__uniq.", 0 },			/* clang: unique names for profiles */
	{ ".isra.", SLC_SUFFIX_CHANGED },	/* gcc: parameters replaced */
	{ ".constprop.", SLC_SUFFIX_CHANGED },	/* gcc: copied for a constant parameter */
	{ ".part.", SLC_SUFFIX_PART },		/* gcc: the rest was inlined into callers */
	{ ".cold.", SLC_SUFFIX_COLD },		/* blocks moved away; clang and gcc up to 8 */
	{ ".cold", SLC_SUFFIX_COLD },		/* the same, without a number */
};

/* Symbols that struct slc_symbols collects. */
enum slc_symbol_kind {
	SLC_SYMBOL_FLUSH,
	SLC_SYMBOL_KICK,
	SLC_SYMBOL_INNER_KICK,
	SLC_SYMBOL_HOST,		/* a function of slc_callers with the outermost loop */
};

/* Room for collected symbols, and for calls of the flush in the kernel's text. */
#define SLC_SYMBOLS_MAX		32
#define SLC_CALLS_MAX		32

/**
 * struct slc_symbols - the symbols of some functions, with any suffix
 * @sym: address, kind, flags of the suffix, name, and name without suffix of each
 * @nr: how many there are
 * @full: there are more
 */
struct slc_symbols {
	struct slc_symbol {
		unsigned long		addr;
		enum slc_symbol_kind	kind;
		u32			flags;
		char			name[SLC_SYMBOL_LEN];
		const char		*base;
	} sym[SLC_SYMBOLS_MAX];
	u32	nr;
	bool	full;
};

/* Is @name the function @base, with any suffixes? Set @flags to what these say. */
static bool slc_symbol_is(const char *name, const char *base, u32 *flags)
{
	size_t len;
	u32 i;

	for (; *base; base++, name++) {
		if (*name != *base)
			return false;
	}
	*flags = 0;
	while (*name) {
		for (i = 0; i < ARRAY_SIZE(slc_suffixes); i++) {
			len = strlen(slc_suffixes[i].text);
			if (!strncmp(name, slc_suffixes[i].text, len))
				break;
		}
		if (i == ARRAY_SIZE(slc_suffixes))
			return false;
		name += len;
		len = strspn(name, "0123456789");
		if (!len && name[-1] == '.')
			return false;
		name += len;
		if (*name && *name != '.')
			return false;
		*flags |= slc_suffixes[i].flags;
	}
	return true;
}

static void slc_symbols_add(struct slc_symbols *symbols, enum slc_symbol_kind kind,
			    const char *base, const char *name, unsigned long addr,
			    u32 flags)
{
	struct slc_symbol *sym;
	u32 i;

	for (i = 0; i < symbols->nr; i++) {
		/* Of several names for a function one is enough. */
		if (symbols->sym[i].addr == addr && symbols->sym[i].kind == kind)
			return;
	}
	if (symbols->nr == SLC_SYMBOLS_MAX || strlen(name) >= SLC_SYMBOL_LEN) {
		symbols->full = true;
		return;
	}
	sym = &symbols->sym[symbols->nr++];
	sym->addr = addr;
	sym->kind = kind;
	sym->flags = flags;
	sym->base = base;
	strscpy(sym->name, name, sizeof(sym->name));
}

/* Called for each symbol of the kernel and each name; nearly all differ at once. */
static __always_inline void slc_symbols_try(struct slc_symbols *symbols,
					    enum slc_symbol_kind kind, const char *base,
					    const char *name, unsigned long addr)
{
	u32 flags;

	if (name[0] == base[0] && name[1] == base[1] &&
	    slc_symbol_is(name, base, &flags))
		slc_symbols_add(symbols, kind, base, name, addr, flags);
}

/* A slc_symbol_fn. */
static int slc_symbols_see(void *data, const char *name, unsigned long addr)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(slc_flush_shapes); i++)
		slc_symbols_try(data, SLC_SYMBOL_FLUSH, slc_flush_shapes[i].name, name, addr);
	for (i = 0; i < ARRAY_SIZE(slc_kick_names); i++)
		slc_symbols_try(data, SLC_SYMBOL_KICK, slc_kick_names[i], name, addr);
	for (i = 0; i < ARRAY_SIZE(slc_inner_kick_names); i++)
		slc_symbols_try(data, SLC_SYMBOL_INNER_KICK, slc_inner_kick_names[i], name,
				addr);
	for (i = 0; i < ARRAY_SIZE(slc_callers); i++) {
		if (slc_callers[i].role == SLC_SITE_ROOT)
			slc_symbols_try(data, SLC_SYMBOL_HOST, slc_callers[i].name, name, addr);
	}
	return 0;
}

static bool slc_flush_shape_fits(const struct slc_btf *btf,
				 const struct slc_flush_shape *shape)
{
	const char *type;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(shape->params) && shape->params[i]; i++) {
		if (slc_btf_param(btf, shape->name, i, &type) ||
		    strcmp(type, shape->params[i]))
			return false;
	}
	return slc_btf_param(btf, shape->name, i, &type) == -ERANGE;
}

/*
 * The flush has one symbol. A copy of it would be called by some of its callers; these
 * would not be seen.
 */
static int slc_sites_flush(const struct slc_kernel *kernel, struct slc_layout *layout,
			   const struct slc_symbols *symbols, struct slc_why *why)
{
	const struct slc_symbol *sym = NULL;
	u32 i;

	for (i = 0; i < symbols->nr; i++) {
		if (symbols->sym[i].kind != SLC_SYMBOL_FLUSH ||
		    symbols->sym[i].flags & SLC_SUFFIX_COLD)
			continue;
		if (sym)
			return slc_refuse(why, "both %s and %s may be the flush",
					  sym->name, symbols->sym[i].name);
		sym = &symbols->sym[i];
	}
	if (!sym)
		return slc_refuse(why, "no symbol flush_dispatch_buf or scx_flush_dispatch_buf");
	if (sym->flags & SLC_SUFFIX_PART)
		return slc_refuse(why, "%s is only a part of %s", sym->name, sym->base);
	/* BTF may have it with the parameters of the source. */
	if (sym->flags & SLC_SUFFIX_CHANGED)
		return slc_refuse(why, "the compiler changed the parameters of %s", sym->name);
	for (i = 0; i < ARRAY_SIZE(slc_flush_shapes); i++) {
		const struct slc_flush_shape *shape = &slc_flush_shapes[i];

		/* BTF has no suffixes. */
		if (strcmp(shape->name, sym->base) ||
		    !slc_flush_shape_fits(kernel->btf, shape))
			continue;
		layout->flush = sym->addr;
		strscpy(layout->flush_name, sym->name, sizeof(layout->flush_name));
		layout->flush_args = shape->args;
		return 0;
	}
	return slc_refuse(why, "the parameters of %s are not known", sym->name);
}

/* A call of the flush, and the function that it is in. */
struct slc_call {
	struct slc_arch_call	insn;
	const struct slc_caller	*caller;	/* NULL if no table has it */
	unsigned long		start;		/* of the function */
	u32			flags;		/* of its suffix */
};

/* Find all calls of the flush in the kernel's text. Return their number, or an error. */
static int slc_sites_scan(const struct slc_kernel *kernel,
			  const struct slc_layout *layout,
			  struct slc_call *calls, struct slc_why *why)
{
	const size_t step = SLC_TEXT_MAX - (SLC_ARCH_CALL_LEN - 1);
	unsigned long at = kernel->lookup("_stext"), end = kernel->lookup("_etext");
	struct slc_arch_call some[SLC_SITES_MAX];
	u32 nr = 0, found, i;

	if (!at || end <= at)
		return slc_refuse(why, "no symbols _stext and _etext around the kernel's text");
	for (; at < end; at += step) {
		size_t len = end - at < SLC_TEXT_MAX ? end - at : SLC_TEXT_MAX;
		const u8 *text = kernel->text(at, len);

		if (!text)
			return slc_refuse(why, "text of the kernel at %lx cannot be read", at);
		found = slc_arch_find_calls(text, len, at, layout->flush, some,
					    ARRAY_SIZE(some));
		if (found > ARRAY_SIZE(some) || found > SLC_CALLS_MAX - nr)
			return slc_refuse(why, "too many calls of %s", layout->flush_name);
		for (i = 0; i < found; i++) {
			/* A call at the end of the last part is also in this one. */
			if (!nr || calls[nr - 1].insn.next != some[i].next)
				calls[nr++].insn = some[i];
		}
	}
	return (int)nr;
}

/*
 * Is it by chance that some bytes look like a call? In a function that no table has,
 * anything is taken for that which enters the flush at another place than the known calls
 * do. That leaves one kernel in some 2000 that is refused for a call that is none.
 */
static bool slc_sites_is_chance(const struct slc_arch_call *call, int known_entry)
{
	if (call->kind == SLC_ARCH_CALL_PROBED)
		return true;
	if (!call->entry || call->entry == SLC_ARCH_ENTRY_LEN)
		return false;
	return call->kind == SLC_ARCH_JUMP || call->entry != known_entry;
}

static const struct slc_caller *slc_sites_caller(const char *name, u32 *flags)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(slc_callers); i++) {
		if (slc_symbol_is(name, slc_callers[i].name, flags))
			return &slc_callers[i];
	}
	return NULL;
}

/* Refuse @call, which is in a function that no table has, or is no call. */
static int slc_sites_unknown(const struct slc_kernel *kernel,
			     const struct slc_layout *layout,
			     const struct slc_call *call, struct slc_why *why)
{
	unsigned long start;
	const char *name = kernel->where(call->insn.insn, &start);

	if (!name)
		return slc_refuse(why, "unknown call of %s at %lx", layout->flush_name,
				  call->insn.insn);
	if (call->insn.kind == SLC_ARCH_JUMP)
		return slc_refuse(why, "%s jumps to %s, which hides who called it", name,
				  layout->flush_name);
	return slc_refuse(why, "unknown caller of %s: %s", layout->flush_name, name);
}

/* Is @name a part of the function @func that the compiler moved away? */
static bool slc_sites_is_cold_part(const char *name, const char *func)
{
	size_t len = strlen(func);

	return !strncmp(name, func, len) && !strncmp(name + len, ".cold", strlen(".cold"));
}

/*
 * The outermost loop is in one function: slc_layout.host. Its calls may be in parts of it
 * that the compiler moved away.
 */
static int slc_sites_root(const struct slc_kernel *kernel, struct slc_layout *layout,
			  const struct slc_symbols *symbols, const struct slc_call *call,
			  struct slc_why *why)
{
	const struct slc_symbol *sym;
	unsigned long start;
	const char *name = kernel->where(call->insn.insn, &start);
	u32 i;

	if (!layout->sites.nr) {
		strscpy(layout->host_name, name, sizeof(layout->host_name));
		layout->host = call->start;
		/* All of its calls are in such a part. */
		if (call->flags & SLC_SUFFIX_COLD) {
			layout->host = 0;
			for (i = 0; i < symbols->nr; i++) {
				sym = &symbols->sym[i];
				if (sym->kind != SLC_SYMBOL_HOST ||
				    !slc_sites_is_cold_part(name, sym->name))
					continue;
				layout->host = sym->addr;
				strscpy(layout->host_name, sym->name,
					sizeof(layout->host_name));
			}
		}
		return 0;
	}
	/* A copy of the function has another name, and so have its parts. */
	if (!strcmp(name, layout->host_name) ||
	    slc_sites_is_cold_part(name, layout->host_name))
		return 0;
	return slc_refuse(why, "both %s and %s call %s", layout->host_name, name,
			  layout->flush_name);
}

/* Add the calls of one role to the sites: first all, then those that are rarely run. */
static int slc_sites_role(const struct slc_kernel *kernel, struct slc_layout *layout,
			  const struct slc_symbols *symbols,
			  const struct slc_call *calls, u32 nr, enum slc_site_role role,
			  bool cold, struct slc_why *why)
{
	struct slc_sites *sites = &layout->sites;
	u32 i;
	int ret;

	for (i = 0; i < nr; i++) {
		const struct slc_call *call = &calls[i];

		if (!call->caller || call->caller->role != role ||
		    cold != !!(call->flags & SLC_SUFFIX_COLD))
			continue;
		if (role == SLC_SITE_ROOT) {
			ret = slc_sites_root(kernel, layout, symbols, call, why);
			if (ret)
				return ret;
		}
		if (sites->nr == SLC_SITES_MAX)
			return slc_refuse(why, "too many calls of %s", layout->flush_name);
		sites->site[sites->nr].ret_addr = call->insn.next;
		sites->site[sites->nr].func = call->caller->name;
		sites->site[sites->nr++].role = role;
	}
	return 0;
}

/* Tell for each call of the flush what it is part of. */
static int slc_sites_roles(const struct slc_kernel *kernel, struct slc_layout *layout,
			   const struct slc_symbols *symbols, struct slc_call *calls,
			   u32 nr, struct slc_why *why)
{
	enum slc_site_role role;
	int known_entry = 0, ret;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct slc_call *call = &calls[i];
		const char *name = kernel->where(call->insn.insn, &call->start);

		if (name)
			call->caller = slc_sites_caller(name, &call->flags);
		if (call->caller && call->insn.kind == SLC_ARCH_CALL)
			known_entry = call->insn.entry;
	}
	for (i = 0; i < nr; i++) {
		/* A jump to its own beginning, or a chance. */
		if (calls[i].start == layout->flush)
			continue;
		if (calls[i].caller && calls[i].insn.kind != SLC_ARCH_JUMP)
			continue;
		if (slc_sites_is_chance(&calls[i].insn, known_entry)) {
			calls[i].caller = NULL;
			continue;
		}
		return slc_sites_unknown(kernel, layout, &calls[i], why);
	}
	for (role = SLC_SITE_ROOT; role <= SLC_SITE_PASS; role++) {
		ret = slc_sites_role(kernel, layout, symbols, calls, nr, role, false, why);
		if (!ret)
			ret = slc_sites_role(kernel, layout, symbols, calls, nr, role,
					     true, why);
		if (ret)
			return ret;
	}
	return 0;
}

static bool slc_sites_has_role(const struct slc_sites *sites, enum slc_site_role role)
{
	u32 i;

	for (i = 0; i < sites->nr; i++) {
		if (sites->site[i].role == role)
			return true;
	}
	return false;
}

static int slc_sites_all(const struct slc_kernel *kernel, struct slc_layout *layout,
			 const struct slc_symbols *symbols, struct slc_call *calls,
			 struct slc_why *why)
{
	const struct slc_sites *sites = &layout->sites;
	bool nested;
	int ret;

	ret = slc_sites_scan(kernel, layout, calls, why);
	if (ret >= 0)
		ret = slc_sites_roles(kernel, layout, symbols, calls, (u32)ret, why);
	if (ret)
		return ret;
	if (!slc_sites_has_role(sites, SLC_SITE_ROOT))
		return slc_refuse(why, "no known function calls %s in a dispatch loop",
				  layout->flush_name);

	layout->sub_dispatch = kernel->lookup(SLC_SUB_DISPATCH);
	nested = slc_sites_has_role(sites, SLC_SITE_NESTED);
	/* A kfunc is in BTF exactly if the kernel has it. */
	if (!layout->sub_dispatch && !nested &&
	    slc_btf_find(kernel->btf, SLC_SUB_DISPATCH, BTF_KIND_FUNC) < 0)
		return 0;
	if (!strcmp(sites->site[0].func, SLC_SHARED_LOOP))
		return slc_refuse(why, "%s has both the outermost loop and that of children",
				  layout->host_name);
	if (!layout->sub_dispatch)
		return slc_refuse(why, "no symbol %s", SLC_SUB_DISPATCH);
	if (!nested)
		return slc_refuse(why, "no call of %s found in %s",
				  layout->flush_name, SLC_SUB_DISPATCH);
	return 0;
}

/* gate/rerun.c looks for the rq in the first two parameters of the host. */
#define SLC_HOST_RQ_PARAMS	2

/*
 * It needs a host whose parameters fit into registers, one of which is the rq, and whose
 * result tells whether it found a task to run. With any other host the limit cannot be
 * above the kernel's own cap.
 */
static void slc_sites_host(const struct slc_kernel *kernel, struct slc_layout *layout)
{
	const char *func = layout->sites.site[0].func, *type;
	u32 size, flags, rq;

	/* BTF describes the function as it is in the source. */
	slc_symbol_is(layout->host_name, func, &flags);
	if (!layout->host || flags ||
	    slc_btf_param(kernel->btf, func, SLC_ARCH_REG_PARAMS, &type) != -ERANGE ||
	    slc_btf_return(kernel->btf, func, &size))
		return;
	for (rq = 0; rq < SLC_HOST_RQ_PARAMS; rq++) {
		if (!slc_btf_param(kernel->btf, func, rq, &type) && !strcmp(type, "rq"))
			break;
	}
	if (rq == SLC_HOST_RQ_PARAMS || (size != 1 && size != 4 && size != 8))
		return;
	layout->host_rq = rq;
	layout->host_ret = U64_MAX >> (64 - 8 * size);
}

/*
 * Does the host, or a part of it that the compiler moved away, call one of the functions of
 * this kind? Return 0, 1 or an error.
 */
static int slc_sites_host_calls(const struct slc_kernel *kernel,
				const struct slc_layout *layout,
				const struct slc_symbols *symbols,
				enum slc_symbol_kind kind, struct slc_why *why)
{
	struct slc_arch_call call;
	u32 i, j;

	for (i = 0; i < symbols->nr; i++) {
		const struct slc_symbol *part = &symbols->sym[i];
		unsigned long size;
		const u8 *text;

		if (part->kind != SLC_SYMBOL_HOST || part->base != layout->sites.site[0].func)
			continue;
		size = kernel->size(part->addr);
		if (!size)
			return slc_refuse(why, "size of %s is not known", part->name);
		text = size <= SLC_TEXT_MAX ? kernel->text(part->addr, size) : NULL;
		if (!text)
			return slc_refuse(why, "text of %s cannot be read", part->name);
		for (j = 0; j < symbols->nr; j++) {
			const struct slc_symbol *sym = &symbols->sym[j];

			if (sym->kind == kind && !(sym->flags & SLC_SUFFIX_COLD) &&
			    slc_arch_find_calls(text, size, part->addr, sym->addr, &call, 1))
				return 1;
		}
	}
	return 0;
}

/*
 * The enumerator alone does not prove that the loop is capped: the code that uses it may
 * have been removed. A loop with a cap also kicks the CPU. If nothing in the host can be
 * the kick the kernel is not capped, and this module ends the loop itself.
 *
 * Where the compiler may have inlined the kick, this cannot be told. The module then ends
 * loops itself as well, and up to the cap's number of rounds it comes first. A limit above
 * that is refused there: if the kernel ends a loop, the gate does not see it.
 */
static int slc_sites_kernel_limit(const struct slc_kernel *kernel,
				  struct slc_layout *layout,
				  const struct slc_symbols *symbols, struct slc_why *why)
{
	s64 max_loops;
	int ret;

	layout->max_limit = SCX_LOOP_CAP_LIMIT_MAX;
	if (slc_btf_enum(kernel->btf, "SCX_DSP_MAX_LOOPS", &max_loops)) {
		/* A cap whose number of rounds is not known is taken for that of upstream. */
		ret = slc_sites_host_calls(kernel, layout, symbols, SLC_SYMBOL_KICK, why);
		if (ret > 0)
			layout->max_limit = SCX_LOOP_CAP_LIMIT_DEFAULT;
		return ret < 0 ? ret : 0;
	}
	if (max_loops < SCX_LOOP_CAP_LIMIT_MIN ||
	    max_loops > SCX_LOOP_CAP_LIMIT_MAX)
		return slc_refuse(why, "SCX_DSP_MAX_LOOPS is outside of %d to %d",
				  SCX_LOOP_CAP_LIMIT_MIN, SCX_LOOP_CAP_LIMIT_MAX);
	ret = slc_sites_host_calls(kernel, layout, symbols, SLC_SYMBOL_KICK, why);
	if (ret > 0)
		layout->kernel_limit = (u32)max_loops;
	if (ret)
		return ret < 0 ? ret : 0;
	ret = slc_sites_host_calls(kernel, layout, symbols, SLC_SYMBOL_INNER_KICK, why);
	if (ret > 0)
		layout->max_limit = (u32)max_loops;
	return ret < 0 ? ret : 0;
}

/**
 * slc_sites_resolve - find the functions of the dispatch loop
 * @kernel: access to its symbols, types and machine code
 * @layout: filled in: flush, host and sub_dispatch with their names and parameters, the
 *	call sites, and the kernel's own cap
 * @why: after an error, what was missing
 *
 * Context: process context while the module loads; not concurrent with itself. Reads all
 * of the kernel's text.
 * Return: 0; -EOPNOTSUPP if something is missing or not as expected.
 */
int slc_sites_resolve(const struct slc_kernel *kernel, struct slc_layout *layout,
		      struct slc_why *why)
{
	/* Too much for the stack. */
	static struct slc_symbols slc_symbols;
	static struct slc_call slc_calls[SLC_CALLS_MAX];
	int ret;

	memset(&slc_symbols, 0, sizeof(slc_symbols));
	memset(slc_calls, 0, sizeof(slc_calls));
	kernel->each(slc_symbols_see, &slc_symbols);
	if (slc_symbols.full)
		return slc_refuse(why, "too many symbols like those of the dispatch loop");
	ret = slc_sites_flush(kernel, layout, &slc_symbols, why);
	if (!ret)
		ret = slc_sites_all(kernel, layout, &slc_symbols, slc_calls, why);
	if (!ret)
		ret = slc_sites_kernel_limit(kernel, layout, &slc_symbols, why);
	if (!ret)
		slc_sites_host(kernel, layout);
	return ret;
}
