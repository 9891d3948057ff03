/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel functions and variables that the schedulers use. vmlinux.h has
 * prototypes only of kfuncs that the kernel's BTF marks as such, so those are
 * disabled (BPF_NO_KFUNC_PROTOTYPES) and all are declared here.
 */
#ifndef SCX_KFUNCS_BPF_H
#define SCX_KFUNCS_BPF_H

/*
 * Kfuncs as BPF programs call them, without the implicit argument that some have
 * since 7.0. All are weak, so that libbpf loads the object on every kernel.
 */
s32 scx_bpf_create_dsq(u64 dsq_id, s32 node) __ksym __weak;
s32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu,
			   u64 wake_flags, bool *is_idle) __ksym __weak;
void scx_bpf_kick_cpu(s32 cpu, u64 flags) __ksym __weak;
s32 scx_bpf_task_cpu(const struct task_struct *p) __ksym __weak;
void scx_bpf_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice,
			u64 enq_flags) __ksym __weak;
/* v6.12: the name before "sched_ext: Rename scx_bpf_dispatch[_vtime]()" (v6.13) */
void scx_bpf_dispatch(struct task_struct *p, u64 dsq_id, u64 slice,
		      u64 enq_flags) __ksym __weak;
u32 scx_bpf_reenqueue_local(void)
	__ksym __weak;

/* newer kernels, on which BPF programs must not write the slice directly */
bool scx_bpf_task_set_slice(struct task_struct *p, u64 slice) __ksym __weak;

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym __weak;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym __weak;
void bpf_task_release(struct task_struct *p) __ksym __weak;
bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *mask) __ksym __weak;

int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;

extern const struct rq runqueues __ksym;

#endif /* SCX_KFUNCS_BPF_H */
