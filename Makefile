# streamq: build, test, install. Everything lands in $(BUILD). `make help` lists the targets.
BUILD   ?= build
CC      ?= gcc
CFLAGS  ?= -O2 -g
VERSION := 0.1.0

DEPS := libpcre2-8 libutf8proc libxxhash
SQ_CFLAGS := -std=c11 -D_GNU_SOURCE -fvisibility=hidden -fPIC -pthread -Wall -Wextra -Wshadow -Wstrict-prototypes \
  -Wmissing-prototypes -Wpointer-arith -Wvla -Werror -Iinclude $(patsubst %,-Ilib/%,base os data expr state plan op io run api) \
  $(shell pkg-config --cflags $(DEPS) 2>/dev/null)
SQ_LIBS := $(shell pkg-config --libs libpcre2-8 libutf8proc 2>/dev/null) -lm -pthread

LIB_SRC := $(sort $(wildcard lib/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
UNIT_SRC := $(sort $(wildcard tests/unit/*/*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(BUILD)/%.o)

.PHONY: all lib unit clean
all: lib
lib: $(BUILD)/libstreamq.a

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(SQ_CFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libstreamq.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

# One Check program per source file: tests/unit/<room>/test_<file>.c
$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libstreamq.a $(SUPPORT_OBJ)
	@mkdir -p $(@D)
	$(CC) $(SQ_CFLAGS) -Itests/support $(CFLAGS) -MMD -MP -MF $@.d $< -o $@ $(SUPPORT_OBJ) $(BUILD)/libstreamq.a $(SQ_LIBS) $(shell pkg-config --libs check)

unit: $(UNIT_BIN)
	@set -e; for t in $(UNIT_BIN); do echo "== $$t"; $$t; done

clean:
	rm -rf $(BUILD)

-include $(LIB_OBJ:.o=.d) $(SUPPORT_OBJ:.o=.d) $(UNIT_BIN:=.d)
