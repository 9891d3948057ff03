// SPDX-License-Identifier: GPL-2.0
/*
 * Runs module/gate/ in a model of the kernel and compares what it counted with what the model
 * knows; see sim.c. With libFuzzer, or with random.c where the compiler has none.
 */
#include "sim.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	sim_run(data, size);
	return 0;
}
