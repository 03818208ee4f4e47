# Beatbook. Words to use: make, make demo, make check, make bench,
# make install, make clean. README.md says more.

BUILD ?= build
CC ?= cc
PREFIX ?= /usr/local
DESTDIR ?=
VERSION = 0.1.0

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
OPT ?= -O2 -g
SANITIZE ?=
ALL_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -I. -MMD -MP \
	-DBEATBOOK_VERSION='"$(VERSION)"' $(WARN) $(OPT) $(SANITIZE) $(CFLAGS)
ALL_LDFLAGS = $(SANITIZE) $(LDFLAGS)

COMMON_LIBS = -lsqlite3 -lcjson -lcrypto -lm
# libcurl is loaded when it is needed: sync/curl.h
SYNC_LIBS = -ldl -lz
HUB_LIBS = -lmicrohttpd -lgnutls
TUI_LIBS = -lncursesw -ltinfo

PACKAGES = gcc libc6-dev libncurses-dev libcurl4-openssl-dev \
	libsqlite3-dev libcjson-dev zlib1g-dev libssl-dev \
	libmicrohttpd-dev libgnutls28-dev ncurses-term
TEST_PACKAGES = $(PACKAGES) libcmocka-dev tmux python3 openssl faketime

# make V=1 shows the commands themselves.
Q = $(if $(V),,@)
SAY = $(if $(V),@:,@echo '  '$(1) $(patsubst $(BUILD)/%,%,$@))

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
COMMON_OBJECTS = $(call objects,common) $(BUILD)/embedded_files.o
HUB_MAIN = $(BUILD)/sync/hub_main.o
SYNC_OBJECTS = $(filter-out $(HUB_MAIN),$(call objects,sync))
TUI_MAIN = $(BUILD)/tui/main.o
TUI_OBJECTS = $(filter-out $(TUI_MAIN),$(call objects,tui))

LIBCOMMON = $(BUILD)/libcommon.a
LIBSYNC = $(BUILD)/libsync.a
LIBTUI = $(BUILD)/libtui.a

.PHONY: all
all: $(BUILD)/beatbook $(BUILD)/beatbook-hub

$(BUILD)/beatbook: $(TUI_MAIN) $(LIBTUI) $(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TUI_LIBS) $(SYNC_LIBS) $(COMMON_LIBS)

$(BUILD)/beatbook-hub: $(HUB_MAIN) $(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(HUB_LIBS) $(SYNC_LIBS) $(COMMON_LIBS)

$(LIBCOMMON): $(COMMON_OBJECTS)
$(LIBSYNC): $(SYNC_OBJECTS)
$(LIBTUI): $(TUI_OBJECTS)
$(BUILD)/lib%.a:
	$(call SAY,AR)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c
	$(call SAY,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Files that are built into the programs: catalogue, profiles, keymap.
EMBEDDED = common/catalog.json $(wildcard common/profiles/*/profile.json) \
	keymap.conf sync/dictionary.txt
$(BUILD)/embedded_files.c: common/embed.sh $(EMBEDDED)
	@mkdir -p $(@D)
	$(Q)sh common/embed.sh $(EMBEDDED) > $@
$(BUILD)/embedded_files.o: $(BUILD)/embedded_files.c
	$(call SAY,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Calls that tests/support/disk.h sends to disks of its own.
comma = ,
DISK_CALLS = $(foreach f,open close access stat mkdir chmod rename unlink \
	fsync,-Wl$(comma)--wrap=$(f))

# Every tests/*/test_*.c is a program of its own that cmocka runs.
TESTS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/test_*.c))
TEST_HELPERS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_HELPERS) $(LIBTUI) $(LIBSYNC) \
		$(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) $(DISK_CALLS) -o $@ $^ $(TUI_LIBS) $(HUB_LIBS) \
		$(SYNC_LIBS) $(COMMON_LIBS) -lcmocka

# A fleet in a process: tests/sim/fleet.c says how a seed is run again.
FLEET = $(BUILD)/tests/sim/fleet
$(FLEET): $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/sim/fleet.c, \
		$(wildcard tests/sim/*.c)))

SCRIPTS = $(filter-out %/lib.sh,$(wildcard tests/e2e/*.sh tests/screens/*.sh))

.PHONY: tests
tests: all $(TESTS) $(FLEET)

# What a user runs: install what is missing, build, and pass every test.
.PHONY: check
check:
	@sh tests/packages.sh $(TEST_PACKAGES)
	@$(MAKE) tests
	@BUILD=$(BUILD) sh tests/run.sh $(TESTS:%=./%) $(FLEET:%=./%) \
		$(SCRIPTS:%=./%)

# Fleets, each by its seed, from 1: a few as `make check` runs, or many.
.PHONY: sim
sim: $(FLEET)
	$(FLEET) $(or $(SEEDS),200)

.PHONY: soak
soak: $(FLEET)
	$(FLEET) $(or $(SEEDS),20000)

# Keys at random: many more of them than `make check` presses.
.PHONY: monkeys
monkeys: $(BUILD)/tests/tui/test_monkeys
	@BUILD=$(BUILD) sh tests/run.sh ./tests/tui/monkeys.sh

# Bugs that were planted on purpose, each in a copy of the tree: are they
# caught? PLANTED=NAME for one of tests/planted/.
.PHONY: planted
planted: $(FLEET) $(TESTS)
	BUILD=$(BUILD) sh tests/planted/run.sh $(PLANTED)

# What a change must pass beyond that; .ci/run does both.
STRICT = $(MAKE) CFLAGS=-Werror
ASAN = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
.PHONY: check-strict
check-strict:
	$(STRICT) BUILD=build/gcc CC=gcc tests
	$(STRICT) BUILD=build/clang CC=clang tests
	$(STRICT) BUILD=build/asan CC=gcc OPT='-O1 -g' SANITIZE='$(ASAN)' tests
	@BUILD=build/asan CRASH_STRIDE=20 SIM_SEEDS=40 sh tests/run.sh \
		$(FLEET:$(BUILD)/%=./build/asan/%) \
		$(patsubst $(BUILD)/%,./build/asan/%,$(TESTS)) $(SCRIPTS:%=./%) \
		./tests/tui/monkeys.sh
	$(MAKE) fuzz FUZZ_SECONDS=10
	@sh tests/run.sh ./tests/layers.sh ./tests/style.sh

# Each tests/fuzz/fuzz_*.c is a libFuzzer program; they start from what
# tests/fuzz/seeds.c makes of real traffic, and from tests/fuzz/NAME where there
# is one, and go on from what they found the last time.
FUZZ_SECONDS ?= 300
FUZZERS = $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS = -fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=undefined
.PHONY: fuzz
fuzz:
	$(MAKE) BUILD=build/fuzz CC=clang OPT='-O1 -g' \
		SANITIZE='$(FUZZ_FLAGS)' fuzzers
	@BUILD=build/fuzz sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZERS)

FUZZ_HELPERS = $(patsubst %.c,$(BUILD)/%.o,tests/fuzz/station.c \
	$(wildcard tests/support/disk*.c tests/support/crew.c \
		tests/support/hubs.c tests/support/fixture.c \
		tests/support/good.c tests/support/place.c))
FUZZ_CALLS = -Wl,--wrap=catalog_read,--wrap=catalog_free
FUZZ_LINK = $(CC) $(ALL_LDFLAGS) $(DISK_CALLS) $(FUZZ_CALLS) -o $@ $^ \
	$(SYNC_LIBS) $(COMMON_LIBS) -lcmocka
.PHONY: fuzzers
fuzzers: $(FUZZERS:%=$(BUILD)/tests/fuzz/%) $(BUILD)/tests/fuzz/seeds
$(BUILD)/tests/fuzz/seeds: $(BUILD)/tests/fuzz/seeds.o $(FUZZ_HELPERS) \
		$(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(FUZZ_LINK)
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_HELPERS) \
		$(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(FUZZ_LINK) -fsanitize=fuzzer

# Two officers, a coordinator and a sergeant on an invented beat. make has an
# AS of its own, the assembler: only the user's counts.
WHO = $(if $(filter default,$(origin AS)),,$(AS))
.PHONY: demo
demo:
	@sh tests/packages.sh $(PACKAGES)
	@$(MAKE) -s all
	@BUILD=$(BUILD) sh tests/demo/demo.sh $(WHO)

# What it costs, each figure beside a floor of the same run.
.PHONY: bench
bench:
	@sh tests/packages.sh $(TEST_PACKAGES) less tig mutt git
	@$(MAKE) -s all $(BUILD)/tests/bench/bench $(BUILD)/tests/bench/work \
		$(BUILD)/tests/bench/load
	@BUILD=$(BUILD) sh tests/bench/run.sh

$(BUILD)/tests/bench/bench: $(BUILD)/tests/bench/bench.o \
		$(patsubst %,$(BUILD)/tests/support/%.o,crowd prose) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(COMMON_LIBS)

$(BUILD)/tests/bench/load: $(patsubst %,$(BUILD)/tests/bench/%.o, \
		load storm fleet) $(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(HUB_LIBS) $(SYNC_LIBS) $(COMMON_LIBS)

$(BUILD)/tests/bench/work: $(patsubst %,$(BUILD)/tests/%.o, \
		$(patsubst %,bench/%,work_main work city floor spent) \
		support/prose) $(LIBSYNC) $(LIBCOMMON)
	$(call SAY,LINK)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(SYNC_LIBS) $(COMMON_LIBS)

# The manual's table of actions, from the one list of them.
.PHONY: pages
pages: $(BUILD)/beatbook
	XDG_CONFIG_HOME=/nonexistent $(BUILD)/beatbook keys | \
		sh tui/actions.sh tui/keymap.conf.5 > $(BUILD)/keymap.conf.5
	mv $(BUILD)/keymap.conf.5 tui/keymap.conf.5

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 \
		$(DESTDIR)$(PREFIX)/share/man/man8 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/beatbook/keymaps
	install -m 755 $(BUILD)/beatbook $(BUILD)/beatbook-hub \
		$(DESTDIR)$(PREFIX)/bin
	install -m 644 tui/beatbook.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 tui/keymap.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 $(wildcard tui/keymaps/*.conf) \
		$(DESTDIR)$(PREFIX)/share/beatbook/keymaps
	install -m 644 sync/beatbook-hub.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 tui/beatbook.bash-completion $(DESTDIR)$(PREFIX)/share/bash-completion/completions/beatbook
	ln -sf beatbook $(DESTDIR)$(PREFIX)/share/bash-completion/completions/beatbook-hub

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.SECONDARY:
