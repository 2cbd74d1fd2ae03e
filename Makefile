# streamq: build, test, install. Everything is made under $(BUILD). `make help` lists the targets.

BUILD    ?= build
CC       ?= cc
AR       ?= ar
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
DESTDIR  ?=

# The version is written once, in the header.
VERSION  := $(shell sed -n 's/^\#define STREAMQ_VERSION "\(.*\)"/\1/p' include/streamq.h)
SOVERSION := 0

ROOMS    := base os data expr state plan op io run api
PACKAGES := libpcre2-8 libutf8proc libxxhash
# Optional: built in where pkg-config finds them. WITH='' builds without.
WITH     ?= $(shell for p in zlib libzstd; do pkg-config --exists $$p 2>/dev/null && echo $$p; done)
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Werror

# Packages that are not there yet show up as compiler errors; `make deps` installs them.
# No exception passes through C: tables to unwind a stack are in the debugging information (-g), not in what is loaded.
SQ_CFLAGS := -std=c11 -D_GNU_SOURCE -fvisibility=hidden -fPIC -fno-asynchronous-unwind-tables -pthread $(WARNINGS) \
  -Iinclude $(ROOMS:%=-Ilib/%) $(shell pkg-config --cflags $(PACKAGES) $(WITH) 2>/dev/null) \
  $(if $(filter zlib,$(WITH)),-DSQI_WITH_ZLIB) $(if $(filter libzstd,$(WITH)),-DSQI_WITH_ZSTD)
SQ_LIBS    := $(shell pkg-config --libs libpcre2-8 libutf8proc $(WITH) 2>/dev/null) -lm -pthread
# See tests/support/test_main.c for the wrapped call.
CHECK_LIBS := -Wl,--wrap=_mark_point $(shell pkg-config --libs check 2>/dev/null)

# What runs once a query, or once a result, is compiled for size: parsers, binders, printers, rare functions. What runs
# once a row or once a batch is for speed. CFLAGS that you give are taken as they are, for all files.
COLD := lib/plan/% lib/api/% \
  lib/base/base_cond.% lib/base/base_duration.% lib/base/base_error.% lib/base/base_json.% lib/base/base_option.% \
  lib/data/data_arrow.% lib/data/data_arrow_export.% lib/data/data_arrow_import.% lib/data/data_arrow_layout.% \
  lib/data/data_arrow_schema.% lib/data/data_builder.% lib/data/data_interval_% lib/data/data_pattern% \
  lib/data/data_schema.% lib/data/data_text.% lib/data/data_type% lib/data/data_zone.% lib/data/data_zone_% \
  lib/expr/agg_bit.% lib/expr/agg_bool.% lib/expr/agg_corr.% lib/expr/agg_distinct.% lib/expr/agg_form_print.% \
  lib/expr/agg_histogram.% lib/expr/agg_list% lib/expr/agg_mode.% lib/expr/agg_percentile.% \
  lib/expr/agg_quantile.% lib/expr/agg_stats.% lib/expr/agg_top.% lib/expr/expr_ast% lib/expr/expr_bind% \
  lib/expr/expr_bound% lib/expr/expr_cast_interval.% lib/expr/expr_co% lib/expr/expr_fold.% lib/expr/expr_lex% \
  lib/expr/expr_parse% lib/expr/expr_prog.% lib/expr/expr_regex% lib/expr/expr_signature.% lib/expr/func.% \
  lib/expr/func_array_% lib/expr/func_bits.% lib/expr/func_charset.% lib/expr/func_collection.% \
  lib/expr/func_digest.% lib/expr/func_distance.% lib/expr/func_encode.% lib/expr/func_format% \
  lib/expr/func_interval.% lib/expr/func_lambda% lib/expr/func_m% lib/expr/func_number% lib/expr/func_sentences.% \
  lib/expr/func_sequence.% lib/expr/func_string_edit.% lib/expr/func_struct.% lib/expr/func_time.% \
  lib/expr/func_time_% lib/expr/func_url.% lib/expr/func_utf8.% lib/expr/gen.% \
  lib/op/op_group_shape.% lib/op/op_shape.% lib/op/op_state_read.% \
  lib/io/csv_infer.% lib/io/csv_options.% lib/io/io_custom.% lib/io/io_file_clean.% lib/io/io_file_options.% \
  lib/io/io_file_plan.% lib/io/io_format_options.% lib/io/io_glob.% lib/io/io_list.% lib/io/io_listing.% \
  lib/io/io_manifest% lib/io/io_partition% lib/io/io_save.% lib/io/io_table.% lib/io/io_uri.% lib/io/json_infer.% \
  lib/io/json_options.% lib/io/json_shape.% lib/io/snk_console.% lib/io/snk_custom.% lib/io/src_custom.% \
  lib/io/src_file_log.% lib/io/src_rate% \
  lib/run/run_compile.% lib/run/run_durable.% lib/run/run_explain.% lib/run/run_meta.% lib/run/run_progress.% \
  lib/run/run_restore.% lib/run/run_state_% lib/run/run_top.% lib/run/run_watch.%
SIZE = $(if $(filter file,$(origin CFLAGS)),$(if $(filter $(COLD),$<),-Os))

LIB_SRC     := $(sort $(wildcard lib/*/*.c))
LIB_OBJ     := $(LIB_SRC:%.c=$(BUILD)/%.o)
SUPPORT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support/*.c)))
# The library and the helpers of tests as one object: hundreds of programs are linked with it, and a linker is quicker with
# one file than with hundreds.
TEST_KIT    := $(BUILD)/tests/kit.o
CHECK_SRC   := $(sort $(wildcard tests/unit/*/test_*.c tests/conform/test_*.c tests/flow/test_*.c))
CHECK_BIN   := $(CHECK_SRC:%.c=$(BUILD)/%)
API_SRC     := $(sort $(wildcard tests/api/test_*.c))
API_BIN     := $(API_SRC:%.c=$(BUILD)/%)
OOM_BIN     := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/oom/test_*.c)))
TOOL_BIN    := $(BUILD)/streamq-checkpoint
TOOL_OBJ    := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tools/*.c)))
EXAMPLE_BIN := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard examples/*.c)))
FUZZ_SRC    := $(sort $(wildcard tests/fuzz/fuzz_*.c))
REPLAY_BIN  := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/replay_%)
# Everything that scans with SIMD, once more without it: put before the library, these objects take the place of its own.
PORTABLE_OBJ := $(patsubst %.c,$(BUILD)/portable/%.o,$(sort $(wildcard lib/state/*.c) \
  $(shell grep -lE 'base_scan\.h|data_view\.h|csv_scan\.h|SQI_PORTABLE|SQI_SCAN_' lib/*/*.c)))
# A program for each bench_*.c; the kit, the hand-written limits and the text generator are linked into every one.
BENCH_KIT   := tests/bench/bench_kit.c $(filter-out tests/bench/bench_%,$(sort $(wildcard tests/bench/*.c)))
BENCH_OBJ   := $(BENCH_KIT:%.c=$(BUILD)/%.o)
BENCH_BIN   := $(patsubst %.c,$(BUILD)/%,$(filter-out tests/bench/bench_kit.c,$(sort $(wildcard tests/bench/bench_*.c))))

# Tables full of pointers make thousands of relocations: a bit each instead of 24 bytes, where the linker and the C library
# know how (then an older C library refuses the file by name).
RELR = $(shell printf '\043include <features.h>\n\043if !__GLIBC_PREREQ(2, 36)\n\043error\n\043endif\n' | \
  $(CC) -shared -nostdlib -Wl,-z,pack-relative-relocs -Wl,--fatal-warnings -o /dev/null -x c - 2>/dev/null && \
  echo -Wl,-z,pack-relative-relocs)

STATIC := $(BUILD)/libstreamq.a
SHARED := $(BUILD)/libstreamq.so.$(VERSION)

# One short line a file; V=1 shows the commands.
ifeq ($(V),1)
say =
else
say = @echo "  $(1) $(2)";
endif

.PHONY: all lib shared examples tools tests install uninstall clean help deps demo demo-durable check check-full check-spark lint bench docs
.SUFFIXES:
.SECONDARY:

all: lib shared examples tools

help:
	@echo "make            the library (static and shared), the examples and streamq-checkpoint"
	@echo "make demo       install what is missing, build, run the socket word count on a bundled text"
	@echo "make demo-durable  the durable word count, killed a dozen times, against sort | uniq -c"
	@echo "make check      install what is missing, build, run the tests (under two minutes)"
	@echo "make check-full sanitizers, valgrind, failing allocations, fuzzing, Arrow peers"
	@echo "make torture    KILLS=10000 random kills of durable queries: nothing lost, nothing twice; SEED repeats a run"
	@echo "make check-spark  the case files on a real Spark (pip installs it under $(BUILD))"
	@echo "make lint       layer law, budgets, format, banned calls, symbols"
	@echo "make bench      figures against hand-written loops; ROWS=\"1 9\" some rows, PEERS=1 also DuckDB and PySpark"
	@echo "make install    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)"

# ---------------------------------------------------------------------------------------------------- the library

lib: $(STATIC) $(BUILD)/streamq.pc
shared: $(SHARED)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) $(CFLAGS) $(SIZE) -MMD -MP -c $< -o $@

$(STATIC): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $(LIB_OBJ)

$(SHARED): $(LIB_OBJ)
	$(call say,LD,$@)$(CC) -shared -Wl,-soname,libstreamq.so.$(SOVERSION) -Wl,--no-undefined $(RELR) $(CFLAGS) $(LIB_OBJ) -o $@ $(SQ_LIBS)
	@ln -sf $(@F) $(BUILD)/libstreamq.so.$(SOVERSION)
	@ln -sf $(@F) $(BUILD)/libstreamq.so

# Made anew each time: it says where to, and `make install PREFIX=...` may follow a plain make.
.PHONY: $(BUILD)/streamq.pc
$(BUILD)/streamq.pc: streamq.pc.in include/streamq.h
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|;s|@LIBDIR@|$(LIBDIR)|;s|@VERSION@|$(VERSION)|;s|@WITH@|$(WITH)|' $< > $@

# ----------------------------------------------------------------------------------------- examples and test programs

examples: $(EXAMPLE_BIN)
tools: $(TOOL_BIN)
tests: $(BUILD)/tests/torture $(BUILD)/tests/golden/make_golden $(CHECK_BIN) $(API_BIN) $(OOM_BIN) $(REPLAY_BIN) $(EXAMPLE_BIN) $(TOOL_BIN) $(BUILD)/tests/run_cases $(BUILD)/tests/run_cases_portable

# What is installed beside the library: it reads what the library writes, with the library's own code.
$(BUILD)/streamq-checkpoint: $(TOOL_OBJ) $(STATIC)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(TOOL_OBJ) -o $@ $(STATIC) $(SQ_LIBS)
$(BUILD)/tests/flow/test_streamq_checkpoint: | $(TOOL_BIN)

# Examples and the programs in tests/api see the public headers and nothing else.
$(BUILD)/examples/%: examples/%.c $(STATIC)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinclude $(CFLAGS) -MMD -MP -MF $@.d $< -o $@ $(STATIC) $(SQ_LIBS)

$(BUILD)/tests/run_cases: tests/run_cases.c tests/support/case_file.c tests/support/case_file.h $(STATIC)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Itests/support $(CFLAGS) tests/run_cases.c tests/support/case_file.c -o $@ $(STATIC) $(SQ_LIBS)

$(BUILD)/portable/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) $(CFLAGS) -DSQI_PORTABLE -MMD -MP -c $< -o $@

$(BUILD)/tests/run_cases_portable: tests/run_cases.c tests/support/case_file.c tests/support/case_file.h $(PORTABLE_OBJ) $(STATIC)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Itests/support $(CFLAGS) tests/run_cases.c tests/support/case_file.c -o $@ $(PORTABLE_OBJ) $(STATIC) $(SQ_LIBS)

$(TEST_KIT): $(LIB_OBJ) $(SUPPORT_OBJ)
	$(call say,LD,$@)$(CC) -r -nostdlib -o $@ $^

$(BUILD)/tests/api/%: tests/api/%.c $(TEST_KIT)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< -o $@ \
	  $(TEST_KIT) $(SQ_LIBS) $(CHECK_LIBS)

# Every request for memory refused in turn: the C library's heap is wrapped.
$(BUILD)/tests/oom/%: tests/oom/%.c tests/oom/oom_rig.c tests/oom/oom_rig.h $(TEST_KIT)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Iinclude -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< tests/oom/oom_rig.c -o $@ \
	  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free $(TEST_KIT) $(SQ_LIBS) $(CHECK_LIBS)

$(BUILD)/tests/support/%.o: tests/support/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) -Itests/support $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/fuzz/replay_%: tests/fuzz/%.c tests/fuzz/replay.c $(TEST_KIT)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< tests/fuzz/replay.c -o $@ $(TEST_KIT) $(SQ_LIBS) $(CHECK_LIBS)

$(BENCH_OBJ): $(BUILD)/tests/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/bench/%: tests/bench/%.c $(STATIC) $(BENCH_OBJ) $(SUPPORT_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< -o $@ $(BENCH_OBJ) $(SUPPORT_OBJ) $(STATIC) $(SQ_LIBS) $(CHECK_LIBS)

$(BUILD)/tests/%: tests/%.c $(TEST_KIT)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(SQ_CFLAGS) -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< -o $@ $(TEST_KIT) $(SQ_LIBS) $(CHECK_LIBS)

# --------------------------------------------------------------------------------------------------- what people run

# Recipes that need packages start a make of their own, so that pkg-config is asked after it is there.
deps:
	@sh tests/tools/deps.sh build

demo:
	@sh tests/tools/deps.sh build
	@$(MAKE) --no-print-directory -j2 $(BUILD)/examples/socket_word_count $(BUILD)/examples/text_feeder
	@sh tests/tools/demo.sh $(BUILD)

demo-durable:
	@sh tests/tools/deps.sh build
	@$(MAKE) --no-print-directory -j2 $(BUILD)/examples/durable_word_count
	@sh tests/tools/demo_durable.sh $(BUILD)

# -g1: files and lines in what a debugger shows, no variables; hundreds of programs link in two thirds of the time.
check:
	@sh tests/tools/deps.sh build check
	@$(MAKE) --no-print-directory -j2 CFLAGS='-O0 -g1' BUILD=$(BUILD)/check tests shared
	@sh tests/tools/check.sh $(BUILD)/check

check-full:
	@sh tests/tools/deps.sh build check full
	@sh tests/tools/check_full.sh $(BUILD)

check-spark:
	@sh tests/tools/check_spark.sh $(BUILD)

# KILLS (10000) random kills of durable queries; SEED repeats a run.
torture:
	@sh tests/tools/deps.sh build check
	@$(MAKE) -s --no-print-directory -j2 $(BUILD)/tests/torture
	@$(BUILD)/tests/torture $(or $(KILLS),10000) $(SEED)
.PHONY: torture

lint:
	@sh tests/tools/deps.sh build lint
	@sh tests/lint/lint.sh $(BUILD)

bench:
	@sh tests/tools/deps.sh build bench
	@$(MAKE) -s --no-print-directory -j2 $(BENCH_BIN) $(EXAMPLE_BIN) shared
	@sh tests/tools/bench.sh $(BUILD)

# After more cases pass: write the list of the rest again, and read the difference before committing it.
pending: $(BUILD)/tests/run_cases
	-@$(BUILD)/tests/run_cases --write-pending $(BUILD)/pending.txt tests/cases/*.case tests/cases/*.expr | tail -1
	@{ grep '^#' tests/cases/pending.txt; cat $(BUILD)/pending.txt; } > $(BUILD)/pending.new && mv $(BUILD)/pending.new tests/cases/pending.txt
.PHONY: pending

docs:
	@sh tests/tools/docs.sh $(BUILD)

install: lib shared tools
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man3 $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/streamq.h include/streamq_ext.h include/streamq_arrow.h $(DESTDIR)$(PREFIX)/include
	install -m 644 $(STATIC) $(DESTDIR)$(LIBDIR)
	install -m 755 $(SHARED) $(DESTDIR)$(LIBDIR)
	ln -sf libstreamq.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libstreamq.so.$(SOVERSION)
	ln -sf libstreamq.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libstreamq.so
	install -m 755 $(TOOL_BIN) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(BUILD)/streamq.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	sh tests/tools/man.sh include/streamq.h > $(BUILD)/streamq.3
	install -m 644 $(BUILD)/streamq.3 $(DESTDIR)$(PREFIX)/share/man/man3

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/include/,streamq.h streamq_ext.h streamq_arrow.h)
	rm -f $(DESTDIR)$(PREFIX)/bin/streamq-checkpoint
	rm -f $(DESTDIR)$(LIBDIR)/libstreamq.a $(DESTDIR)$(LIBDIR)/libstreamq.so*
	rm -f $(DESTDIR)$(LIBDIR)/pkgconfig/streamq.pc $(DESTDIR)$(PREFIX)/share/man/man3/streamq.3

clean:
	rm -rf $(BUILD)

# What a program that is linked with the static library needs besides.
libs:
	@echo $(SQ_LIBS)
.PHONY: libs

# For development: the unit tests alone, one after another.
unit: $(CHECK_BIN)
	@set -e; for t in $(CHECK_BIN); do echo "== $$t"; $$t; done
.PHONY: unit

-include $(LIB_OBJ:.o=.d) $(TOOL_OBJ:.o=.d) $(PORTABLE_OBJ:.o=.d) $(SUPPORT_OBJ:.o=.d) $(BENCH_OBJ:.o=.d) $(addsuffix .d,$(CHECK_BIN) $(API_BIN) $(OOM_BIN) $(REPLAY_BIN) $(EXAMPLE_BIN) $(BENCH_BIN))
