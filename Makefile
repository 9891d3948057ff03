# SPDX-License-Identifier: GPL-2.0
# Builds the module, runs the tests and makes packages; "make help" lists the targets. DKMS and
# the packages build the module with the file Kbuild directly.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
# Where tarballs and packages are made, from a copy of the tree.
DIST ?= $(CURDIR)/dist
VERSION := $(shell sed -n 's/^MODULE_VERSION("\(.*\)");$$/\1/p' module/main.c)
PACKAGE := scx-loop-cap-$(VERSION)
# More options of rpmbuild, such as --nodeps.
RPMBUILD ?=

.PHONY: modules modules_install clean demo demo-record test test-packages test-mutants test-storms test-rt \
	test-schedulers test-selftests test-debug test-fuzz test-all coverage dist deb rpm bench \
	bench-hits bench-load bench-nested bench-overhead bench-trace help

modules:
	@test -d $(KDIR) || { \
		echo "error: no headers for $(KVER) in $(KDIR); install linux-headers-$(KVER), or name another release with KVER=" >&2; \
		exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

check:
	@tests/check

vm:
	@tests/vm-shell

demo:
	@tests/demo

demo-record:
	@CAST="$(CAST)" tests/demo-record

test:
	@tests/run

test-packages:
	@tests/run packages

test-mutants:
	@tests/run mutants

test-storms:
	@tests/run storms

test-schedulers:
	@tests/run schedulers

test-selftests:
	@tests/run selftests

test-rt:
	@tests/run rt

test-debug:
	@tests/run debug

test-fuzz:
	@tests/run fuzz

test-all:
	@tests/run tests packages mutants storms schedulers selftests rt debug fuzz coverage

coverage:
	@tests/run coverage

# The tarball: the tree without what was built in it.
dist:
	@test -n "$(VERSION)" || { echo "error: no MODULE_VERSION in module/main.c" >&2; exit 1; }
	rm -rf $(DIST)/$(PACKAGE)
	mkdir -p $(DIST)/$(PACKAGE)
	tar -c --exclude-vcs --exclude=./dist --exclude='*.[od]' --exclude='*.ko' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude='.*.cmd' \
		--exclude=./modules.order --exclude=./Module.symvers \
		. | tar -x -C $(DIST)/$(PACKAGE)
	$(MAKE) -s -C $(DIST)/$(PACKAGE)/tools clean
	tar -czf $(DIST)/$(PACKAGE).tar.gz --owner=0 --group=0 -C $(DIST) $(PACKAGE)

# VERSION as somebody gave it, and not as it was read above.
release:
	@tests/release "$(if $(filter command,$(origin VERSION)),$(VERSION))"

deb: dist
	@command -v dpkg-buildpackage >/dev/null || { \
		echo "error: no dpkg-buildpackage; install build-essential" >&2; exit 1; }
	cd $(DIST)/$(PACKAGE) && dpkg-buildpackage -us -uc
	rm -rf $(DIST)/$(PACKAGE)
	@ls $(DIST)/*.deb

rpm: dist
	@command -v rpmbuild >/dev/null || { \
		echo "error: no rpmbuild; install rpm-build, on Debian rpm" >&2; exit 1; }
	rpmbuild -ba $(RPMBUILD) --define "_topdir $(DIST)/rpmbuild" \
		--define "_sourcedir $(DIST)" --define "_srcrpmdir $(DIST)" \
		--define "_rpmdir $(DIST)" \
		--define "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
		$(DIST)/$(PACKAGE)/rpm/scx-loop-cap.spec
	rm -rf $(DIST)/$(PACKAGE) $(DIST)/rpmbuild
	@ls $(DIST)/*.rpm

bench:
	@bench/run

bench-hits bench-load bench-nested bench-overhead bench-trace:
	@bench/run $(@:bench-%=%)

help:
	@echo "make [KVER=RELEASE]    build scx_loop_cap.ko for the running or the named kernel"
	@echo "make modules_install   install it"
	@echo "make clean             remove what was built"
	@echo "make demo              show in a virtual machine what the module does (as root)"
	@echo "make demo-record       record it as docs/demo.svg (as root)"
	@echo "make test              run all tests in virtual machines (as root);"
	@echo "                       CASE=NAME, KERNEL=RELEASE and BACKEND=NAME, or a part of"
	@echo "                       each, run a part; VERBOSE=1 shows what each case printed;"
	@echo "                       JOBS=N runs N virtual machines at a time; TABLE=1 writes"
	@echo "                       the table of kernels in README.md and docs/ anew"
	@echo "make test-packages     install, upgrade, break and remove the packages (as root)"
	@echo "make test-mutants      break the module in many ways, and see that the tests notice"
	@echo "                       each (as root)"
	@echo "make test-storms       load and unload it 200 times, while everything else goes on (as root)"
	@echo "make test-schedulers   the kernel's own schedulers under load (as root)"
	@echo "make test-selftests    the kernel's own selftests, with the module and without (as root)"
	@echo "make test-rt           the cases on a kernel with PREEMPT_RT (as root)"
	@echo "make test-debug        the cases on a kernel that looks for mistakes (as root)"
	@echo "make test-fuzz         feed broken input to what reads a kernel, for half an hour (as root)"
	@echo "make test-all          all of them"
	@echo "make coverage          which lines of the module the tests run (as root)"
	@echo "make deb               packages for Debian, in dist/ or DIST=DIRECTORY"
	@echo "make rpm               packages for Fedora and EL, in the same place"
	@echo "make bench             measure in instructions what the module costs (as root);"
	@echo "                       bench-overhead, -trace, -hits and -load do a part each;"
	@echo "                       KERNEL=RELEASE, or a part of it, measures one, and prints it"
	@echo "make bench-nested      measure nested schedulers that loop (as root)"
