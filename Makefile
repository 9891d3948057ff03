# SPDX-License-Identifier: GPL-2.0
# Builds the module by hand; DKMS and packages use the Kbuild file directly.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

.PHONY: modules modules_install clean demo test bench-nested bench-overhead help

modules:
	@test -d $(KDIR) || { \
		echo "error: no headers for $(KVER) in $(KDIR); install linux-headers-$(KVER), or name another release with KVER=" >&2; \
		exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

demo:
	@tests/demo

test:
	@tests/run

bench-nested:
	@bench/nested

bench-overhead:
	@bench/overhead

help:
	@echo "make [KVER=RELEASE]    build scx_loop_cap.ko for the running or the named kernel"
	@echo "make modules_install   install it"
	@echo "make clean             remove what was built"
	@echo "make demo              show in a virtual machine what the module does (as root)"
	@echo "make test              run all tests in virtual machines (as root);"
	@echo "                       CASE=NAME, KERNEL=RELEASE and BACKEND=NAME, or a part of"
	@echo "                       each, run a part; VERBOSE=1 shows what each case printed;"
	@echo "                       JOBS=N runs N virtual machines at a time; TABLE=1 writes"
	@echo "                       the table of kernels in README.md and docs/ anew"
	@echo "make bench-nested      measure nested schedulers that loop (as root)"
	@echo "make bench-overhead    measure what the module costs (as root)"
