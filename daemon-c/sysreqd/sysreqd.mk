# kuid-sysreqd, for this machine and, where its compiler is, for aarch64 as well. Every flag is for the 4096 bytes the program
# may have as a file, except those that keep the compiler from calling a C library there is not.

SYSREQD_LIMIT = 4096
SYSREQD = $(OUT)/kuid-sysreqd
SYSREQD_AARCH64 = $(OUT)/aarch64/kuid-sysreqd
AARCH64_CC ?= $(shell command -v aarch64-linux-gnu-gcc)

SYSREQD_SOURCES = $(addprefix sysreqd/, main.c message.c signals.c door.c manager.c server.c look.c)
SYSREQD_HEADERS = $(addprefix sysreqd/, sysreqd.h sys.h sys_x86_64.h sys_aarch64.h)
SYSREQD_CFLAGS = -std=gnu17 -Os -static -nostdlib -ffreestanding -fno-builtin -fno-pie -no-pie \
	-fno-asynchronous-unwind-tables -fno-stack-protector -fno-tree-loop-distribute-patterns -fno-ident \
	-ffunction-sections -flto -s -Wl,--gc-sections,--build-id=none,-z,norelro,-z,noseparate-code,-z,noexecstack \
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror

$(SYSREQD): sysreqd/start_$(shell uname -m).S
$(SYSREQD_AARCH64): sysreqd/start_aarch64.S
$(SYSREQD) $(SYSREQD_AARCH64): $(SYSREQD_SOURCES) $(SYSREQD_HEADERS) sysreqd/sysreqd.mk

$(SYSREQD):
	@mkdir -p $(@D)
	$(CC) $(SYSREQD_CFLAGS) $(SYSREQD_EXTRA) -o $@ $(filter %.c %.S, $^)

$(SYSREQD_AARCH64):
	@mkdir -p $(@D)
	$(AARCH64_CC) $(SYSREQD_CFLAGS) $(SYSREQD_EXTRA) -o $@ $(filter %.c %.S, $^)
