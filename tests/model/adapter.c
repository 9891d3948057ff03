// SPDX-License-Identifier: GPL-2.0
/* See adapter.h. If the gate's data or the layout changes, change this file. */
#include "../../module/gate/counters.h"
#include "../../module/gate/hit.h"
#include "../../module/gate/hook.h"
#include "../../module/gate/pick.h"
#include "../../module/gate/rerun.h"
#include "../../module/kick.h"
#include "../../module/resolve/layout.h"

#include "adapter.h"
#include "machine.h"

/* ksym.c of the module has it. */
struct slc_layout slc_layout;

static void add_site(unsigned long ret_addr, enum slc_site_role role)
{
	struct slc_site *site = &slc_layout.sites.site[slc_layout.sites.nr++];

	site->ret_addr = ret_addr;
	site->role = role;
}

static void layout_sites(void)
{
	add_site(SIM_SITE_ROOT, SLC_SITE_ROOT);
	add_site(SIM_SITE_ROOT_2, SLC_SITE_ROOT);
	if (sim_kernel.levels > 1) {
		add_site(SIM_SITE_NESTED, SLC_SITE_NESTED);
		add_site(SIM_SITE_NESTED_2, SLC_SITE_NESTED);
		slc_layout.sub_dispatch = (unsigned long)sim_sub_dispatch;
	}
	add_site(SIM_SITE_PASS, SLC_SITE_PASS);
	add_site(SIM_SITE_PASS_2, SLC_SITE_PASS);
}

static void layout_dsp_ctx(void)
{
	slc_layout.dspc_at = sim_kernel.dspc_at;
	slc_layout.sch_pcpu = offsetof(struct sched, pcpu);
	slc_layout.dspc_nr_tasks = offsetof(struct dsp_ctx, nr_tasks);
	if (slc_layout.dspc_at == SLC_DSPC_POINTER)
		slc_layout.dspc = (unsigned long)&sim_dsp_ctx_ptr;
	else if (slc_layout.dspc_at == SLC_DSPC_STRUCT)
		slc_layout.dspc = (unsigned long)sim_dsp_ctx_template;
}

static void layout_rq_and_task(void)
{
	slc_layout.rq_curr = offsetof(struct rq, curr);
	slc_layout.rq_cpu = offsetof(struct rq, cpu);
	slc_layout.rq_nr_switches = offsetof(struct rq, nr_switches);
	slc_layout.rq_local_nr = offsetof(struct rq, local_nr);
	slc_layout.rq_balance_callback = offsetof(struct rq, balance_callback);
	slc_layout.rq_clock_flags = offsetof(struct rq, clock_flags);
	slc_layout.rq_core_enabled = sim_kernel.core_sched || sim_kernel.picks_restart ?
				     offsetof(struct rq, core_enabled) : 0;
	slc_layout.rq_lock_drop_seq = offsetof(struct rq, lock_drop_seq);
	slc_layout.restarts = sim_kernel.picks_restart;
	slc_layout.runqueues = (unsigned long)&sim_runqueues;
	slc_layout.task_flags = offsetof(struct task, flags);
	slc_layout.task_slice = offsetof(struct task, slice);
	slc_layout.task_queued = SIM_QUEUED;
	slc_layout.task_class = offsetof(struct task, class);
	slc_layout.idle_class = (unsigned long)&sim_idle_class;
}

static void layout_sched(void)
{
	slc_layout.ops = sim_kernel.name_in_ops ? (unsigned long)sim_ops : 0;
	slc_layout.ops_name = sim_kernel.name_in_ops ? 0 : offsetof(struct sched, name);
	slc_layout.ops_name_len = sizeof(sim_ops);
	slc_layout.root = sim_kernel.root_unknown ? 0 : (unsigned long)&sim_root;
	if (sim_kernel.levels > 1 && !sim_kernel.list_unknown)
		slc_layout.sched_all = (unsigned long)&sim_sched_list;
	slc_layout.sch_all = offsetof(struct sched, next_in_list);
	slc_layout.sch_level = offsetof(struct sched, level);
	slc_layout.sch_cgroup = offsetof(struct sched, cgroup);
	slc_layout.sch_node = offsetof(struct sched, node);
	slc_layout.node_id = sim_kernel.instances ? offsetof(struct node, id) : 0;
}

static void layout_global_dsq(void)
{
	slc_layout.global_at = sim_kernel.global_at;
	slc_layout.global = (unsigned long)&sim_pnodes;
	slc_layout.sch_global = offsetof(struct sched, pnodes);
	slc_layout.pnode_global = offsetof(struct pnode, global_dsq);
	slc_layout.dsq_nr = offsetof(struct dsq, nr);
}

void adapter_layout(void)
{
	memset(&slc_layout, 0, sizeof(slc_layout));
	slc_layout.flush_args = sim_kernel.flush_args;
	slc_layout.kernel_limit = sim_known_cap();
	/* Up to 6.12 the host returns an int, later a pointer. */
	slc_layout.host_ret = sim_kernel.own_then_siblings ? U32_MAX : U64_MAX;
	layout_sites();
	layout_dsp_ctx();
	layout_rq_and_task();
	layout_sched();
	layout_global_dsq();
	slc_layout.host_rq = sim_kernel.host_rq;
	slc_layout.max_limit = sim_kernel.cap_unknown ? sim_kernel.cap : SCX_LOOP_CAP_LIMIT_MAX;
}

void adapter_set_originals(void)
{
	slc_hook_set_originals((unsigned long)(sim_kernel.flush_args == SLC_FLUSH_SCH_RQ ?
					       (void *)sim_flush_sch_rq : (void *)sim_flush_rq),
			       sim_kernel.levels > 1 ? (unsigned long)sim_sub_dispatch : 0);
}

void adapter_set_original_host(void)
{
	slc_rerun_set_original((unsigned long)sim_host);
}

void adapter_load(void (*kicked)(void))
{
	adapter_layout();
	slc_pick_init();
	if (slc_hit_init())
		abort();
	slc_kick_init(kicked, (unsigned long)irq_work_queue_on);
	adapter_set_originals();
	adapter_set_original_host();
}

void adapter_unload(void)
{
	slc_kick_flush();
	slc_hit_exit();
}

void adapter_set_limits(u32 limit, u32 pick_limit)
{
	slc_pick_set_limits(limit, pick_limit);
}

void adapter_flush(struct sched *sch, struct rq *rq, unsigned long site)
{
	void *hook = slc_hook_for_flush();

	model_ret_ip = site;
	switch (sim_kernel.flush_args) {
	case SLC_FLUSH_SCH_RQ:
		if (sim_kernel.dspc_at == SLC_DSPC_SCHED) {
			CHECK(hook == slc_hook_flush_pcpu);
			slc_hook_flush_pcpu(sch, rq);
			break;
		}
		CHECK(hook == slc_hook_flush_sch_rq);
		slc_hook_flush_sch_rq(sch, rq);
		break;
	case SLC_FLUSH_RQ_RF:
		CHECK(hook == slc_hook_flush_rq_rf);
		slc_hook_flush_rq_rf(rq, NULL);
		break;
	default:
		CHECK(hook == slc_hook_flush_rq);
		slc_hook_flush_rq(rq);
	}
}

bool adapter_sub_dispatch(unsigned long arg)
{
	return slc_arch_bool(slc_hook_sub_dispatch(arg, 2, 3, 4, 5, 6));
}

unsigned long adapter_host(unsigned long a, unsigned long b)
{
	return slc_rerun_host(a, b, 3, 4, 5, 6);
}

bool adapter_kicked(void)
{
	return slc_pick_kicked();
}

void adapter_queue_callback(void)
{
	CHECK(!slc_kick_queue(model_cpu, false));
}

bool adapter_is_idle(unsigned int cpu)
{
	const struct slc_gate_cpu *gc = per_cpu_ptr(&slc_gate_cpu, cpu);

	return !gc->pick_rounds && !gc->flags && !gc->middle_left;
}

u64 adapter_unknown(unsigned int cpu)
{
	return READ_ONCE(per_cpu_ptr(&slc_loop_cpu, cpu)->unknown);
}

void adapter_fresh_percpu(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		memset(per_cpu_ptr(&slc_gate_cpu, cpu), 0, sizeof(slc_gate_cpu));
		memset(per_cpu_ptr(&slc_loop_cpu, cpu), 0, sizeof(slc_loop_cpu));
	}
}
