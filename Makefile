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

.PHONY: modules modules_install clean check vm demo demo-record test test-packages \
	test-mutants test-storms test-rt test-schedulers test-selftests test-debug test-o3 test-fuzz \
	test-all coverage dist release deb rpm bench bench-hits bench-load bench-nested bench-overhead \
	bench-trace help

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

test-o3:
	@tests/run o3

test-fuzz:
	@tests/run fuzz

test-all:
	@tests/run tests packages mutants storms schedulers selftests rt debug o3 fuzz coverage

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

# VERSION is empty unless it was given on the command line.
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
	@echo "Build"
	@echo "  make [KVER=RELEASE]    build scx_loop_cap.ko for the running kernel, or for RELEASE"
	@echo "  make modules_install   install it (as root)"
	@echo "  make clean             remove what was built"
	@echo "  make dist              source tarball in dist/, or in DIST=DIRECTORY"
	@echo "  make deb, make rpm     packages for Debian; for Fedora and EL; in the same place"
	@echo "  make release VERSION=x.y.z"
	@echo "                         check that x.y.z is the version in all files, then make dist"
	@echo
	@echo "Test without root, in under three minutes"
	@echo "  make check             unit tests, a model of the gate, the command, fuzzers, lint; run it"
	@echo "                         before each commit"
	@echo
	@echo "Try it in a virtual machine (as root)"
	@echo "  make vm                a shell in a guest with the module, the command and the test"
	@echo "                         schedulers; KERNEL=RELEASE and BACKEND=NAME choose others"
	@echo "  make demo              five minutes: what the module does"
	@echo "  make demo-record       record that again as docs/demo.svg"
	@echo
	@echo "Test in virtual machines (as root)"
	@echo "  make test              all cases on all kernels, packages, fuzzers in a short form"
	@echo "  make test-packages     install, upgrade, break and remove the packages"
	@echo "  make test-mutants      plant one bug at a time in the module; a case has to fail"
	@echo "  make test-storms       load and unload the module 200 times under load"
	@echo "  make test-schedulers   the kernel's own schedulers under load"
	@echo "  make test-selftests    the kernel's own selftests, with the module and without"
	@echo "  make test-rt           the cases on a PREEMPT_RT kernel"
	@echo "  make test-debug        the cases on the debug kernel (KASAN, lockdep, kmemleak)"
	@echo "  make test-o3           all cases on kernels built at -O3, by gcc and by clang with ThinLTO"
	@echo "  make test-fuzz         broken input for the resolver, any for the model, 40 minutes"
	@echo "  make coverage          which lines of the module the tests run"
	@echo "  make test-all          all of these"
	@echo
	@echo "  CASE=NAME, KERNEL=RELEASE and BACKEND=NAME, or parts of these, select what is run;"
	@echo "  JOBS=N runs N cases at a time; VERBOSE=1 shows the output of cases that pass."
	@echo "  TABLE=1 rewrites the table in docs/kernels.md; RECORD=1 writes the results into"
	@echo "  docs/results.md. More in tests/README.md."
	@echo
	@echo "Measure (as root)"
	@echo "  make bench             what the module costs, in instructions; bench-overhead, -trace,"
	@echo "                         -hits and -load are its parts; KERNEL=RELEASE measures one kernel"
	@echo "  make bench-nested      stalls of nested schedulers that loop, by the clock"
