# kuid-sysreqd, for this machine and, where the compiler for it is, for aarch64. The flags are for the 4096 bytes the file may
# have, or keep the compiler from calling a C library there is none of; sysreqd.ld lays the file out, and cut.sh takes away
# what is not loaded. What is whole, with symbols, stays beside it as kuid-sysreqd.linked.

SYSREQD_LIMIT = 4096
SYSREQD = $(OUT)/kuid-sysreqd
SYSREQD_AARCH64 = $(OUT)/aarch64/kuid-sysreqd
SYSREQD_MACHINE := $(shell uname -m)
# The options below are gcc's, which is there wherever the rest is built.
SYSREQD_CC = $(if $(findstring clang,$(CC)),gcc,$(CC))
# A compiler without the kernel's headers is none.
AARCH64_CC ?= $(shell echo '\#include <asm/unistd.h>' | aarch64-linux-gnu-gcc -E - > /dev/null 2>&1 && echo aarch64-linux-gnu-gcc)
AARCH64_CC := $(AARCH64_CC)

SYSREQD_SOURCES = $(addprefix sysreqd/, main.c message.c signals.c door.c manager.c server.c look.c)
SYSREQD_OTHERS = $(addprefix sysreqd/, sysreqd.h sys.h sys_x86_64.h sys_aarch64.h sysreqd.ld sysreqd.mk cut.sh)

# A compiler without -Oz (gcc before 12) gets -Os, which makes the file some 180 bytes larger.
compiler_option = $(shell $(1) $(2) -E -x c /dev/null > /dev/null 2>&1 && echo $(2) || echo $(3))

SYSREQD_CFLAGS = -std=gnu17 -static -nostdlib -ffreestanding -fno-builtin -fno-pie -no-pie -flto \
	-fno-asynchronous-unwind-tables -fno-stack-protector -fno-ident -ffunction-sections \
	-fno-tree-loop-distribute-patterns -fno-shrink-wrap -fno-move-loop-invariants -fno-inline-small-functions \
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror $(SYSREQD_EXTRA) \
	-Wl,--gc-sections,--build-id=none,-z,norelro,-z,noseparate-code,-z,noexecstack,-T,sysreqd/sysreqd.ld
SYSREQD_CFLAGS_x86_64 = -fcf-protection=none -malign-data=abi
SYSREQD_CFLAGS_aarch64 = -mbranch-protection=none -mcmodel=tiny

$(SYSREQD): sysreqd/start_$(SYSREQD_MACHINE).S $(SYSREQD_SOURCES) $(SYSREQD_OTHERS)
	@mkdir -p $(@D)
	$(SYSREQD_CC) $(call compiler_option,$(SYSREQD_CC),-Oz,-Os) $(SYSREQD_CFLAGS) $(SYSREQD_CFLAGS_$(SYSREQD_MACHINE)) \
		-o $@.linked $(filter %.c %.S, $^)
	@sh sysreqd/cut.sh $@.linked $@

$(SYSREQD_AARCH64): sysreqd/start_aarch64.S $(SYSREQD_SOURCES) $(SYSREQD_OTHERS)
	@mkdir -p $(@D)
	$(AARCH64_CC) $(call compiler_option,$(AARCH64_CC),-Oz,-Os) $(SYSREQD_CFLAGS) $(SYSREQD_CFLAGS_aarch64) \
		-o $@.linked $(filter %.c %.S, $^)
	@sh sysreqd/cut.sh $@.linked $@

.PHONY: size
size: $(SYSREQD) $(if $(AARCH64_CC),$(SYSREQD_AARCH64))
	@sh sysreqd/size.sh $(SYSREQD_LIMIT) $(SYSREQD_MACHINE):$(SYSREQD) aarch64:$(SYSREQD_AARCH64)

# What each source takes.
.PHONY: budget
budget:
	@sh sysreqd/budget.sh \
		"$(SYSREQD_CC) $(call compiler_option,$(SYSREQD_CC),-Oz,-Os) $(SYSREQD_CFLAGS) $(SYSREQD_CFLAGS_$(SYSREQD_MACHINE))" \
		sysreqd/start_$(SYSREQD_MACHINE).S $(SYSREQD_SOURCES)
ifneq ($(AARCH64_CC),)
	@sh sysreqd/budget.sh "$(AARCH64_CC) $(call compiler_option,$(AARCH64_CC),-Oz,-Os) $(SYSREQD_CFLAGS) $(SYSREQD_CFLAGS_aarch64)" \
		sysreqd/start_aarch64.S $(SYSREQD_SOURCES)
endif

# The same sources as a normal program, with a kernel in memory below them and every check the compiler has above them.
SYSREQD_TEST = $(OUT)/tests/sysreqd_test
SYSREQD_TEST_SOURCES = $(SYSREQD_SOURCES) tests/check.c \
	$(addprefix tests/sysreqd/, sysreqd_test.c kernel.c \
		server_test.c delivery_test.c manager_test.c door_test.c peer_test.c start_test.c look_test.c)
SYSREQD_TEST_HEADERS = $(SYSREQD_OTHERS) tests/check.h tests/sysreqd/kernel.h tests/sysreqd/suites.h
SYSREQD_SANITIZE = -fsanitize=address,undefined
sysreqd_sanitizers = $(shell echo 'int main(void) { return 0; }' | \
	$(CC) $(SYSREQD_SANITIZE) -x c - -o /dev/null 2> /dev/null && echo $(SYSREQD_SANITIZE) -fno-sanitize-recover=all)

$(SYSREQD_TEST): $(SYSREQD_TEST_SOURCES) $(SYSREQD_TEST_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -O1 -DSYS_IN_MEMORY $(sysreqd_sanitizers) $(LDFLAGS) -o $@ $(SYSREQD_TEST_SOURCES)

.PHONY: test-sysreqd
test-sysreqd: $(SYSREQD) $(if $(AARCH64_CC),$(SYSREQD_AARCH64)) $(SYSREQD_TEST)
	$(if $(sysreqd_sanitizers),,@echo "skip - the sanitizers (this compiler has none)")
	$(SYSREQD_TEST)
	sh tests/sysreqd/elf_test.sh $(SYSREQD_LIMIT) $(SYSREQD_MACHINE):$(SYSREQD) aarch64:$(SYSREQD_AARCH64)
