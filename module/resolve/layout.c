// SPDX-License-Identifier: GPL-2.0
/*
 * What the module needs to know of the running kernel, resolved at load.
 *
 * The dispatch loop has often moved and changed its data structures. Functions and
 * members are rows in the tables below, with the releases of upstream that have them. The
 * code under them picks the row that matches the symbols, the BTF and the machine code of
 * the kernel. Where the dispatch context and the scheduler's name are is a choice of two
 * places, made in slc_layout_dspc(), slc_layout_name() and slc_layout_scheds(). A kernel
 * that matches nothing is refused; no version number is looked at.
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

/* The function that runs a child. */
#define SLC_SUB_DISPATCH	"scx_bpf_sub_dispatch"

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

/* Members found through BTF. */
static const struct slc_layout_member {
	const char	*type;
	const char	*path;
	u32		size;
	size_t		where;		/* in struct slc_layout */
} slc_members[] = {
#define SLC_MEMBER(type, path, size, field) \
	{ type, path, size, offsetof(struct slc_layout, field) }
	/* the scheduler's own, older than sched_ext */
	SLC_MEMBER("rq", "curr", 8, rq_curr),
	SLC_MEMBER("rq", "cpu", 4, rq_cpu),
	SLC_MEMBER("rq", "nr_switches", 8, rq_nr_switches),
	SLC_MEMBER("rq", "balance_callback", 8, rq_balance_callback),
	SLC_MEMBER("task_struct", "sched_class", 8, task_class),
	/* sched_ext's: 6.12 and later, and vendor trees before */
	SLC_MEMBER("rq", "scx.local_dsq.nr", 4, rq_local_nr),
	SLC_MEMBER("task_struct", "scx.flags", 4, task_flags),
	SLC_MEMBER("task_struct", "scx.slice", 8, task_slice),
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

/* What is not as expected in a kernel with sched_ext. */
#define slc_refuse(why, ...)	slc_why_set(why, -EOPNOTSUPP, __VA_ARGS__)

/* Look a member up and check that it has the size the code reads. */
static int slc_layout_field(const struct slc_kernel *kernel, const char *type,
			    const char *path, u32 size, u32 *offset, struct slc_why *why)
{
	struct slc_btf_field field;
	int ret;

	ret = slc_btf_field(kernel->btf, type, path, &field);
	if (ret)
		return slc_refuse(why, "BTF has no usable struct %s, member %s",
				  type, path);
	if (field.size != size)
		return slc_refuse(why,
				  "struct %s, member %s has %u bytes instead of %u",
				  type, path, field.size, size);
	*offset = field.offset;
	return 0;
}

static int slc_layout_members(const struct slc_kernel *kernel,
			      struct slc_layout *layout, struct slc_why *why)
{
	struct slc_btf_field donor;
	s64 queued;
	u32 i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(slc_members); i++) {
		const struct slc_layout_member *m = &slc_members[i];

		ret = slc_layout_field(kernel, m->type, m->path, m->size,
				       (u32 *)((char *)layout + m->where), why);
		if (ret)
			return ret;
	}
	/*
	 * With proxy execution the task that is scheduled and the one that runs
	 * differ, and which one the loop looks at depends on its version.
	 */
	if (!slc_btf_field(kernel->btf, "rq", "donor", &donor) &&
	    donor.offset != layout->rq_curr)
		return slc_refuse(why,
				  "struct rq, donor and curr differ (CONFIG_SCHED_PROXY_EXEC)");

	if (slc_btf_enum(kernel->btf, "SCX_TASK_QUEUED", &queued))
		return slc_refuse(why, "BTF has no enumerator SCX_TASK_QUEUED");
	if (queued <= 0 || queued > U32_MAX)
		return slc_refuse(why, "SCX_TASK_QUEUED is not a flag of 32 bits");
	layout->task_queued = (u32)queued;
	return 0;
}

/*
 * 7.2 and later with CONFIG_SCHED_CORE: a selection for the CPUs of a core begins again
 * if a dispatch dropped the rq lock meanwhile.
 */
static void slc_layout_restarts(const struct slc_kernel *kernel,
				struct slc_layout *layout)
{
	struct slc_btf_field core, seq;

	/* 6.12 and later have only the first. */
	if (slc_btf_field(kernel->btf, "rq", "core_enabled", &core) || core.size != 4 ||
	    slc_btf_field(kernel->btf, "rq", "scx.lock_drop_seq", &seq) || seq.size != 4)
		return;
	layout->rq_core_enabled = core.offset;
	layout->rq_lock_drop_seq = seq.offset;
	layout->restarts = true;
}

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
static int slc_layout_flush(const struct slc_kernel *kernel, struct slc_layout *layout,
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
	for (i = 0; i < ARRAY_SIZE(slc_flush_shapes); i++) {
		const struct slc_flush_shape *shape = &slc_flush_shapes[i];

		/* BTF has no suffixes, and no function whose parameters were changed. */
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
static int slc_layout_scan(const struct slc_kernel *kernel,
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
static bool slc_layout_is_chance(const struct slc_arch_call *call, int known_entry)
{
	if (call->kind == SLC_ARCH_CALL_PROBED)
		return true;
	if (!call->entry || call->entry == SLC_ARCH_ENTRY_LEN)
		return false;
	return call->kind == SLC_ARCH_JUMP || call->entry != known_entry;
}

/*
 * What it takes to tell child schedulers apart and to refuse to run one. The hook hands
 * on the parameters of the function that runs them unseen, in registers.
 */
static int slc_layout_nested(const struct slc_kernel *kernel,
			     struct slc_layout *layout, struct slc_why *why)
{
	const char *type;
	int ret;

	ret = slc_btf_param(kernel->btf, SLC_SUB_DISPATCH, SLC_ARCH_REG_PARAMS, &type);
	if (ret != -ERANGE)
		return slc_refuse(why, "the parameters of %s are not known",
				  SLC_SUB_DISPATCH);
	ret = slc_layout_field(kernel, "scx_sched", "level", 4, &layout->sch_level,
			       why);
	if (ret)
		return ret;
	return slc_layout_field(kernel, "scx_sched", "ops.sub_cgroup_id", 8,
				&layout->sch_cgroup, why);
}

static const struct slc_caller *slc_layout_caller(const char *name, u32 *flags)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(slc_callers); i++) {
		if (slc_symbol_is(name, slc_callers[i].name, flags))
			return &slc_callers[i];
	}
	return NULL;
}

/* Refuse @call, which is in a function that no table has, or is no call. */
static int slc_layout_unknown(const struct slc_kernel *kernel,
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

/*
 * The outermost loop is in one function: slc_layout.host. Its calls may be in parts of it
 * that the compiler moved away.
 */
static int slc_layout_root(const struct slc_kernel *kernel, struct slc_layout *layout,
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
				    sym->base != call->caller->name ||
				    sym->flags & SLC_SUFFIX_COLD)
					continue;
				layout->host = sym->addr;
				strscpy(layout->host_name, sym->name,
					sizeof(layout->host_name));
			}
		}
		return 0;
	}
	if (layout->sites.site[0].func == call->caller->name &&
	    (layout->host == call->start || call->flags & SLC_SUFFIX_COLD))
		return 0;
	return slc_refuse(why, "both %s and %s call %s", layout->host_name, name,
			  layout->flush_name);
}

/* Add the calls of one role to the sites: first all, then those that are rarely run. */
static int slc_layout_role(const struct slc_kernel *kernel, struct slc_layout *layout,
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
			ret = slc_layout_root(kernel, layout, symbols, call, why);
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
static int slc_layout_roles(const struct slc_kernel *kernel, struct slc_layout *layout,
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
			call->caller = slc_layout_caller(name, &call->flags);
		if (call->caller && call->insn.kind == SLC_ARCH_CALL)
			known_entry = call->insn.entry;
	}
	for (i = 0; i < nr; i++) {
		/* A jump to its own beginning, or a chance. */
		if (calls[i].start == layout->flush)
			continue;
		if (calls[i].caller && calls[i].insn.kind != SLC_ARCH_JUMP)
			continue;
		if (slc_layout_is_chance(&calls[i].insn, known_entry)) {
			calls[i].caller = NULL;
			continue;
		}
		return slc_layout_unknown(kernel, layout, &calls[i], why);
	}
	for (role = SLC_SITE_ROOT; role <= SLC_SITE_PASS; role++) {
		ret = slc_layout_role(kernel, layout, symbols, calls, nr, role, false, why);
		if (!ret)
			ret = slc_layout_role(kernel, layout, symbols, calls, nr, role,
					      true, why);
		if (ret)
			return ret;
	}
	return 0;
}

static bool slc_layout_has_role(const struct slc_sites *sites, enum slc_site_role role)
{
	u32 i;

	for (i = 0; i < sites->nr; i++) {
		if (sites->site[i].role == role)
			return true;
	}
	return false;
}

static int slc_layout_sites(const struct slc_kernel *kernel, struct slc_layout *layout,
			    const struct slc_symbols *symbols, struct slc_call *calls,
			    struct slc_why *why)
{
	const struct slc_sites *sites = &layout->sites;
	int ret;

	ret = slc_layout_scan(kernel, layout, calls, why);
	if (ret >= 0)
		ret = slc_layout_roles(kernel, layout, symbols, calls, (u32)ret, why);
	if (ret)
		return ret;
	if (!slc_layout_has_role(sites, SLC_SITE_ROOT))
		return slc_refuse(why, "no known function calls %s in a dispatch loop",
				  layout->flush_name);

	layout->sub_dispatch = kernel->lookup(SLC_SUB_DISPATCH);
	/* A kfunc is in BTF exactly if the kernel has it. */
	if (!layout->sub_dispatch &&
	    slc_btf_find(kernel->btf, SLC_SUB_DISPATCH, BTF_KIND_FUNC) < 0)
		return 0;
	if (!strcmp(sites->site[0].func, SLC_SHARED_LOOP))
		return slc_refuse(why, "%s has both the outermost loop and that of children",
				  layout->host_name);
	if (!layout->sub_dispatch || !slc_layout_has_role(sites, SLC_SITE_NESTED))
		return slc_refuse(why, "no call of %s found in %s",
				  layout->flush_name, SLC_SUB_DISPATCH);
	return slc_layout_nested(kernel, layout, why);
}

/* The section of per-CPU variables. */
struct slc_percpu {
	unsigned long	start;
	unsigned long	end;
};

static int slc_layout_percpu(const struct slc_kernel *kernel, struct slc_percpu *percpu,
			     struct slc_why *why)
{
	percpu->start = kernel->lookup("__per_cpu_start");
	percpu->end = kernel->lookup("__per_cpu_end");
	if (!percpu->end)
		return slc_refuse(why, "no symbol __per_cpu_end");
	/* Up to 6.14 per-CPU data is linked at 0, so 0 may be its address. */
	if (!percpu->start && (long)percpu->end < 0)
		return slc_refuse(why, "no symbol __per_cpu_start");
	return 0;
}

static bool slc_is_percpu(const struct slc_percpu *percpu, unsigned long addr)
{
	return addr >= percpu->start && addr < percpu->end;
}

/* This CPU's rq is found by the address that the kernel's own code uses. */
static int slc_layout_runqueues(const struct slc_kernel *kernel,
				struct slc_layout *layout,
				const struct slc_percpu *percpu, struct slc_why *why)
{
	const char *type;
	u32 kind;

	layout->runqueues = kernel->lookup("runqueues");
	if (!layout->runqueues)
		return slc_refuse(why, "no symbol runqueues");
	if (!slc_is_percpu(percpu, layout->runqueues) ||
	    slc_btf_var(kernel->btf, "runqueues", &kind, &type) ||
	    kind != BTF_KIND_STRUCT || strcmp(type, "rq"))
		return slc_refuse(why, "runqueues is not a per-CPU struct rq");
	return 0;
}

/* scx_dsp_ctx up to 7.0: a pointer to a per-CPU structure, or one itself. */
static int slc_layout_dspc_global(const struct slc_kernel *kernel,
				  struct slc_layout *layout,
				  const struct slc_percpu *percpu, struct slc_why *why)
{
	u32 kind;
	bool is_struct;
	const char *type;
	int ret;

	layout->dspc = kernel->lookup("scx_dsp_ctx");
	if (!layout->dspc)
		return slc_refuse(why, "no symbol %s and no struct %s, member %s",
				  "scx_dsp_ctx", "scx_sched_pcpu",
				  "dsp_ctx.nr_tasks");

	/* BTF lists all per-CPU variables; what it does not list is not per-CPU. */
	ret = slc_btf_var(kernel->btf, "scx_dsp_ctx", &kind, &type);
	if (ret != -ENOENT &&
	    (ret || strcmp(type, "scx_dsp_ctx") ||
	     (kind != BTF_KIND_STRUCT && kind != BTF_KIND_PTR)))
		return slc_refuse(why, "the type of scx_dsp_ctx is not known");
	is_struct = !ret && kind == BTF_KIND_STRUCT;
	if (is_struct != slc_is_percpu(percpu, layout->dspc))
		return slc_refuse(why, "BTF and symbols disagree whether scx_dsp_ctx is per-CPU");

	layout->dspc_at = is_struct ? SLC_DSPC_STRUCT : SLC_DSPC_POINTER;
	return slc_layout_field(kernel, "scx_dsp_ctx", "nr_tasks", 4,
				&layout->dspc_nr_tasks, why);
}

static int slc_layout_dspc(const struct slc_kernel *kernel, struct slc_layout *layout,
			   const struct slc_percpu *percpu, struct slc_why *why)
{
	struct slc_btf_field field;

	/* 7.1 and later: each scheduler has its own. */
	if (layout->flush_args == SLC_FLUSH_SCH_RQ &&
	    !slc_btf_field(kernel->btf, "scx_sched_pcpu", "dsp_ctx.nr_tasks",
			   &field)) {
		int ret;

		layout->dspc_at = SLC_DSPC_SCHED;
		ret = slc_layout_field(kernel, "scx_sched_pcpu", "dsp_ctx.nr_tasks",
				       4, &layout->dspc_nr_tasks, why);
		if (ret)
			return ret;
		return slc_layout_field(kernel, "scx_sched", "pcpu", 8,
					&layout->sch_pcpu, why);
	}
	return slc_layout_dspc_global(kernel, layout, percpu, why);
}

/*
 * A scheduler's directory in sysfs tells whether it is still the same, and still loaded.
 * Where that is not found only the log is less precise.
 */
static void slc_layout_scheds(const struct slc_kernel *kernel,
			      struct slc_layout *layout)
{
	const char *type = "scx_sched", *path = "kobj.sd", *root = "scx_root";
	struct slc_btf_field node, id, rcu, all;

	/* Up to 6.15 there is no struct scx_sched, only its struct kobject. */
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		type = "kobject";
		path = "sd";
		root = "scx_root_kobj";
	}
	layout->root = kernel->lookup(root);
	if (!slc_btf_field(kernel->btf, type, path, &node) && node.size == 8 &&
	    !slc_btf_field(kernel->btf, "kernfs_node", "id", &id) &&
	    id.size == 8 &&
	    !slc_btf_field(kernel->btf, "kernfs_node", "rcu", &rcu)) {
		layout->sch_node = node.offset;
		layout->node_id = id.offset;
	}

	/* From 7.1 on there may be several. */
	if (layout->flush_args == SLC_FLUSH_SCH_RQ &&
	    !slc_btf_field(kernel->btf, "scx_sched", "all", &all) &&
	    all.size == 16) {
		layout->sched_all = kernel->lookup("scx_sched_all");
		layout->sch_all = all.offset;
	}
}

/* The name of the scheduler, for the log and stats/last_hit. */
static int slc_layout_name(const struct slc_kernel *kernel,
			   struct slc_layout *layout, struct slc_why *why)
{
	const char *type = "scx_sched", *path = "ops.name";
	struct slc_btf_field field;

	/* Up to 6.15 there is one scheduler, in a global variable. */
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		type = "sched_ext_ops";
		path = "name";
		layout->ops = kernel->lookup("scx_ops");
		if (!layout->ops)
			return slc_refuse(why, "no symbol scx_ops");
	}
	if (slc_btf_field(kernel->btf, type, path, &field) || !field.size)
		return slc_refuse(why, "BTF has no usable struct %s, member %s",
				  type, path);
	layout->ops_name = field.offset;
	layout->ops_name_len = field.size;
	slc_layout_scheds(kernel, layout);
	return 0;
}

/*
 * A scheduler's global DSQs. Where they are not found the gate is less exact about hits
 * in loops that ended with a task from there.
 */
static void slc_layout_global(const struct slc_kernel *kernel, struct slc_layout *layout)
{
	struct slc_btf_field nr, array, dsq;

	if (slc_btf_field(kernel->btf, "scx_dispatch_q", "nr", &nr) || nr.size != 4)
		return;
	if (layout->flush_args != SLC_FLUSH_SCH_RQ) {
		/* 6.12 to 6.15. Vendor trees before had one for all nodes, with another name. */
		layout->global = kernel->lookup("global_dsqs");
		if (layout->global)
			layout->global_at = SLC_GLOBAL_SYMBOL;
	} else if (!slc_btf_field(kernel->btf, "scx_sched", "global_dsqs", &array)) {
		/* 6.16 to 7.0 */
		if (array.size == 8)
			layout->global_at = SLC_GLOBAL_SCHED;
	} else if (!slc_btf_field(kernel->btf, "scx_sched", "pnode", &array) &&
		   !slc_btf_field(kernel->btf, "scx_sched_pnode", "global_dsq", &dsq)) {
		/* 7.1 and later */
		if (array.size == 8)
			layout->global_at = SLC_GLOBAL_PNODE;
	}
	if (layout->global_at == SLC_GLOBAL_NONE)
		return;
	layout->dsq_nr = nr.offset;
	if (layout->global_at != SLC_GLOBAL_SYMBOL)
		layout->sch_global = array.offset;
	if (layout->global_at == SLC_GLOBAL_PNODE)
		layout->pnode_global = dsq.offset;
}

/*
 * gate/rerun.c needs a host whose parameters fit into registers, one of which is the rq,
 * and whose result tells whether it found a task to run. With any other host the limit
 * cannot be above the kernel's own cap.
 */
static void slc_layout_host(const struct slc_kernel *kernel, struct slc_layout *layout)
{
	const char *func = layout->sites.site[0].func, *type;
	u32 size, flags, rq;

	/* BTF describes the function as it is in the source. */
	slc_symbol_is(layout->host_name, func, &flags);
	if (!layout->host || flags ||
	    slc_btf_param(kernel->btf, func, SLC_ARCH_REG_PARAMS, &type) != -ERANGE ||
	    slc_btf_return(kernel->btf, func, &size))
		return;
	for (rq = 0; rq < SLC_ARCH_REG_PARAMS; rq++) {
		if (!slc_btf_param(kernel->btf, func, rq, &type) && !strcmp(type, "rq"))
			break;
	}
	if (rq == SLC_ARCH_REG_PARAMS || (size != 1 && size != 4 && size != 8))
		return;
	layout->host_rq = rq;
	layout->host_ret = U64_MAX >> (64 - 8 * size);
}

/*
 * Does the host, or a part of it that the compiler moved away, call one of the functions of
 * this kind? Return 0, 1 or an error.
 */
static int slc_layout_host_calls(const struct slc_kernel *kernel,
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
static int slc_layout_kernel_limit(const struct slc_kernel *kernel,
				   struct slc_layout *layout,
				   const struct slc_symbols *symbols, struct slc_why *why)
{
	s64 max_loops;
	int ret;

	layout->max_limit = SCX_LOOP_CAP_LIMIT_MAX;
	if (slc_btf_enum(kernel->btf, "SCX_DSP_MAX_LOOPS", &max_loops))
		return 0;
	if (max_loops < SCX_LOOP_CAP_LIMIT_MIN ||
	    max_loops > SCX_LOOP_CAP_LIMIT_MAX)
		return slc_refuse(why, "SCX_DSP_MAX_LOOPS is outside of %d to %d",
				  SCX_LOOP_CAP_LIMIT_MIN, SCX_LOOP_CAP_LIMIT_MAX);
	ret = slc_layout_host_calls(kernel, layout, symbols, SLC_SYMBOL_KICK, why);
	if (ret > 0)
		layout->kernel_limit = (u32)max_loops;
	if (ret)
		return ret < 0 ? ret : 0;
	ret = slc_layout_host_calls(kernel, layout, symbols, SLC_SYMBOL_INNER_KICK, why);
	if (ret > 0)
		layout->max_limit = (u32)max_loops;
	return ret < 0 ? ret : 0;
}

/**
 * slc_layout_resolve - find everything the module needs in a kernel
 * @kernel: access to its symbols, types and machine code
 * @layout: filled in; not to be used after an error
 * @why: after an error, what was missing
 *
 * Context: process context while the module loads; not concurrent with itself. Reads all
 * of the kernel's text.
 * Return: 0; -ENODEV if the kernel has no sched_ext; -EOPNOTSUPP if it has, but
 * something is missing or not as expected.
 */
int slc_layout_resolve(const struct slc_kernel *kernel,
		       struct slc_layout *layout, struct slc_why *why)
{
	/* Too much for the stack. */
	static struct slc_symbols slc_symbols;
	static struct slc_call slc_calls[SLC_CALLS_MAX];
	struct slc_percpu percpu;
	int ret;

	memset(layout, 0, sizeof(*layout));
	memset(&slc_symbols, 0, sizeof(slc_symbols));
	memset(slc_calls, 0, sizeof(slc_calls));
	why->text[0] = '\0';
	layout->ext_class = kernel->lookup("ext_sched_class");
	if (!layout->ext_class)
		return slc_why_set(why, -ENODEV,
				   "this kernel has no sched_ext (CONFIG_SCHED_CLASS_EXT)");
	ret = slc_layout_members(kernel, layout, why);
	if (ret)
		return ret;
	slc_layout_restarts(kernel, layout);
	kernel->each(slc_symbols_see, &slc_symbols);
	if (slc_symbols.full)
		return slc_refuse(why, "too many symbols like those of the dispatch loop");
	ret = slc_layout_flush(kernel, layout, &slc_symbols, why);
	if (!ret)
		ret = slc_layout_sites(kernel, layout, &slc_symbols, slc_calls, why);
	if (!ret)
		ret = slc_layout_percpu(kernel, &percpu, why);
	if (!ret)
		ret = slc_layout_runqueues(kernel, layout, &percpu, why);
	if (!ret)
		ret = slc_layout_dspc(kernel, layout, &percpu, why);
	if (!ret)
		ret = slc_layout_name(kernel, layout, why);
	if (!ret)
		ret = slc_layout_kernel_limit(kernel, layout, &slc_symbols, why);
	if (ret)
		return ret;
	slc_layout_global(kernel, layout);
	slc_layout_host(kernel, layout);
	return 0;
}
