// SPDX-License-Identifier: GPL-2.0
/* A program that sits at the entry of a function and counts its calls. */
#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

unsigned long long calls;

SEC("fentry")
int count(void *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}
