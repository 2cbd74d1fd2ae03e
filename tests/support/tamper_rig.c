/* tamper_rig: see the header. */
#include "tamper_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_main.h"

static sqi_disk_sim *disk_of(const golden_set *set)
{
    sqi_disk_sim *disk = golden_disk();
    golden_set_put(set, disk);
    return disk;
}

void tamper_begin(tamper_rig *r, const golden *g, const char *retain)
{
    golden_out out;
    *r = (tamper_rig){.g = g, .retain = retain};
    sqi_disk_sim *disk = golden_disk();
    bool lived =
        golden_live(disk, g, &(golden_life){.until = golden_batches(g) + GOLDEN_MORE, .retain = retain}, &r->truth);
    ck_assert_msg(lived, "%s: %s", g->name, r->truth.why);
    sqi_disk_sim_free(disk);
    disk = golden_make(g, retain);
    golden_set_take(&r->set, disk);
    sqi_disk_sim_free(disk);
    disk = disk_of(&r->set);
    lived = golden_live(disk, g, &(golden_life){.until = golden_batches(g) + GOLDEN_MORE, .retain = retain}, &out);
    ck_assert_msg(lived, "%s: %s", g->name, out.why);
    r->memory = out.memory;
    tamper_judge(r, &out, "nothing", 0);
    golden_out_clear(&out);
    sqi_disk_sim_free(disk);
}

void tamper_end(tamper_rig *r)
{
    golden_out_clear(&r->truth);
    golden_set_clear(&r->set);
}

static bool named(const golden_out *out)
{
    static const char *const conditions[] = {"CHECKPOINT_CORRUPT", "CHECKPOINT_VERSION", "CHECKPOINT_MISMATCH",
                                             "IO_ERROR"};
    bool known = false;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        known |= strcmp(out->condition, conditions[i]) == 0;
    return known && strstr(out->why, "ckpt");
}

void tamper_judge(tamper_rig *r, const golden_out *out, const char *what, size_t where)
{
    const char *name = r->g->name;
    r->starts++;
    ck_assert_msg(!r->memory || out->memory <= 2 * r->memory, "%s, %s at %zu: %zu bytes of memory, usually %zu", name,
                  what, where, out->memory, r->memory);
    if (out->why[0]) {
        r->refused++;
        ck_assert_msg(named(out), "%s, %s at %zu: %s", name, what, where, out->why);
        ck_assert_msg(out->first < 0, "%s, %s at %zu: output before the error: %s", name, what, where, out->why);
        return;
    }
    ck_assert_msg(out->first >= 0 && out->next == r->truth.next, "%s, %s at %zu: batches %lld to %lld", name, what,
                  where, (long long)out->first, (long long)out->next);
    for (int64_t i = out->first; i < out->next && r->g->source != GOLDEN_FEED; i++)
        ck_assert_msg(strcmp(out->rows[i], r->truth.rows[i]) == 0, "%s, %s at %zu: batch %lld is\n%s\nand was\n%s",
                      name, what, where, (long long)i, out->rows[i], r->truth.rows[i]);
}

void tamper_start(tamper_rig *r, const golden_set *set, const char *what, size_t where)
{
    golden_out out;
    sqi_disk_sim *disk = disk_of(set);
    (void)golden_live(disk, r->g, &(golden_life){.until = golden_batches(r->g) + GOLDEN_MORE, .retain = r->retain},
                      &out);
    tamper_judge(r, &out, what, where);
    golden_out_clear(&out);
    sqi_disk_sim_free(disk);
}

void tamper_sealed(const golden *g, const golden_set *set)
{
    golden_out out;
    size_t bytes = 0;
    if (g->source == GOLDEN_RATE || strcmp(g->name, "union") == 0)
        return;
    for (size_t i = 0; i < set->n; i++)
        bytes += set->file[i].len;
    sqi_disk_sim *disk = disk_of(set);
    bool lived = golden_live(disk, g, &(golden_life){.until = golden_batches(g) + GOLDEN_MORE, .blind = true}, &out);
    if (out.memory > ((size_t)4 << 20) + 64 * bytes || (!lived && !out.condition[0] && !strstr(out.why, "order"))) {
        fprintf(stderr, "%s: %zu bytes of memory for %zu of the checkpoint: %s\n", g->name, out.memory, bytes, out.why);
        abort();
    }
    golden_out_clear(&out);
    sqi_disk_sim_free(disk);
}
