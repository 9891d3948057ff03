// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the model without libFuzzer.
 *
 *	model_gate RUNS [SEED]		run so many inputs of random bytes
 *	model_gate FILE			run one input again
 *
 * If something is not as it must be, the input is in the file "found".
 */
#include <signal.h>
#include <stdlib.h>

#include "sim.h"

#define SIZE_MAX_INPUT	512
#define SIZE_MAX_FILE	4096

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u8 data[SIZE_MAX_FILE];
static size_t size;
static u64 state;

/* xorshift64* */
static u64 next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}

static void store_found(int signal)
{
	FILE *file = fopen("found", "wb");

	(void)signal;
	if (file) {
		fwrite(data, 1, size, file);
		fclose(file);
		fprintf(stderr, "the input is in the file found, %zu bytes\n", size);
	}
	_Exit(1);
}

static void make_input(void)
{
	size_t i;

	memset(data, 0, sizeof(data));
	size = 8 + next_random() % (SIZE_MAX_INPUT - 8);
	for (i = 0; i < size; i++)
		data[i] = (u8)(next_random() >> 32);
	/* Many of each kind of event after another, or one kind of dispatch. */
	for (i = 0; i + 8 < size && next_random() % 2; i += next_random() % 64)
		memset(data + i, (int)(next_random() >> 40 & 0xff), 1 + next_random() % 7);
}

/*
 * The highest limit takes more rounds than random bytes make: a loop of 65535 of them on 6.12,
 * without the kernel's cap and with it.
 */
static void run_long_input(u8 cap)
{
	u64 hits = sim_stats.hits;
	u32 i;

	memset(data, 0, sizeof(data));
	size = 0;
	data[size++] = 3;
	data[size++] = cap;
	data[size++] = 255;
	data[size++] = 15;
	/* The host is put back at once, if it is not needed. */
	size += !cap;
	data[size - 1] += !cap;
	/* CPU 0 schedules, and its task blocks. Each pair of bytes is 128 wasted rounds. */
	size += 2;
	for (i = 0; i < 520; i++) {
		data[size++] = 0x41;
		data[size++] = 0x7f;
	}
	LLVMFuzzerTestOneInput(data, size);
	CHECK(sim_stats.hits == hits + 1);
}

int main(int argc, char **argv)
{
	u64 runs = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, i;

	if (!runs) {
		FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;

		if (!file) {
			fprintf(stderr, "usage: %s RUNS [SEED] | FILE\n", argv[0]);
			return 2;
		}
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
		return 0;
	}
	signal(SIGABRT, store_found);
	state = argc > 2 ? strtoull(argv[2], NULL, 10) + 1 : 1;
	state *= 0x9e3779b97f4a7c15ULL;
	run_long_input(0);
	run_long_input(1);
	for (i = 0; i < runs; i++) {
		make_input();
		LLVMFuzzerTestOneInput(data, size);
	}
	printf("%llu inputs: %llu rounds, %llu hits, %llu pick hits, %llu hits dropped, ",
	       sim_stats.inputs, sim_stats.rounds, sim_stats.hits, sim_stats.pick_hits,
	       sim_stats.dropped);
	printf("%llu loops run again, %llu picks restarted, %llu children and %llu hosts refused, ",
	       sim_stats.reruns, sim_stats.restarts, sim_stats.refused, sim_stats.refused_hosts);
	printf("%llu loops taken for one, ", sim_stats.merged);
	printf("%llu picks ended early; ", sim_stats.picks_merged);
	printf("of the hits %llu where a task was kept, %llu too early, %llu settled otherwise\n",
	       sim_stats.kept, sim_stats.too_early, sim_stats.settled_otherwise);
	return 0;
}
