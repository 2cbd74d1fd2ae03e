/*
 * Each call of a durable query to its disk fails in turn, with each errno that it may have, before and after it was done.
 * What was delivered stays right, the error names the file and the cause, and what a failed sync left is not built on:
 * neither by the same process, nor by one that starts after it on the same machine, nor after a crash.
 */
#include "disk_image.h"
#include "durable_rig.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "test_main.h"

static const durable_life first = {.until = 8, .step = 4, .seed = 1}, second = {.until = 15, .step = 5, .seed = 2},
                          third = {.until = 20, .step = 5, .seed = 3};

static void must_end_well(sqi_disk_sim *disk, const durable_life *life, durable_world *w, const char *what)
{
    char why[DURABLE_TEXT];
    ck_assert_msg(durable_live(disk, life, w, why) == DURABLE_DONE, "%s: %s", what, why);
}

/* The last call that failed on purpose, for messages; the record has it. */
static void name_fault(const sqi_disk_sim *disk, const sqi_disk_fault *f, char to[512])
{
    size_t call = sqi_disk_sim_calls(disk);
    char code[32];
    snprintf(code, sizeof code, " = %s", f->code ? sqi_disk_errno_name(f->code) : "");
    while (f->code && call > 0 && !strstr(sqi_disk_sim_text(disk, call), code))
        call--;
    snprintf(to, 512, "fault %zu%s%s, %s", f->at, f->beyond ? " and later" : "", f->after ? " (done)" : "",
             sqi_disk_sim_text(disk, call));
}

static void must_name(const char *why, int code, const char *what)
{
    char cause[128];
    sqi_os_message(code, cause, sizeof cause);
    ck_assert_msg(strstr(why, "/ckpt"), "%s: no file is named: %s", what, why);
    ck_assert_msg(strstr(why, cause), "%s: the cause is not '%s': %s", what, cause, why);
    ck_assert_msg(strncmp(why, "IO_ERROR:", 9) == 0, "%s: %s", what, why);
}

static void crash(const sqi_disk_sim *disk, const durable_world *w, size_t from, size_t most, const char *what)
{
    char why[DURABLE_TEXT];
    for (size_t call = from; call <= sqi_disk_sim_calls(disk); call++) {
        if (!sqi_disk_images_differ(disk, call) && call != from)
            continue;
        sqi_disk_images it = sqi_disk_images_begin(disk, call, most, 13);
        for (sqi_disk_sim *crashed; (crashed = sqi_disk_images_next(&it)); sqi_disk_sim_free(crashed)) {
            durable_world after = durable_world_at(w, call);
            durable_end end = durable_live(crashed, &third, &after, why);
            ck_assert_msg(end == DURABLE_DONE, "%s: %s\n%s", what, why, sqi_disk_images_text(&it));
        }
        sqi_disk_images_end(&it);
    }
}

/*
 * A first life without faults, a second with this one; then a crash of the machine, or a third life of the process and a
 * crash after that. False: the fault found no such call any more.
 */
static bool live_with(const sqi_disk_fault *fault, bool again, size_t most)
{
    char what[512], why[DURABLE_TEXT];
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    must_end_well(disk, &first, &w, "before the fault");
    sqi_disk_sim_journal(disk, again);
    sqi_disk_sim_fail(disk, *fault);
    durable_end end = durable_live(disk, &second, &w, why);
    bool struck = sqi_disk_sim_failed(disk) > 0;
    name_fault(disk, fault, what);
    ck_assert_msg(end != DURABLE_WRONG, "%s: %s", what, why);
    if (end == DURABLE_ERROR && !fault->after)
        must_name(why, fault->code, what);
    sqi_disk_sim_fail(disk, (sqi_disk_fault){.calls = 0});
    size_t failed_at = sqi_disk_sim_calls(disk);
    if (struck && again) {
        must_end_well(disk, &third, &w, what);
        crash(disk, &w, failed_at, most, what);
    } else if (struck) {
        crash(disk, &w, failed_at, most, what);
    }
    sqi_disk_sim_free(disk);
    return struck;
}

/* What calls may say; a lock that is taken is no fault of the disk. */
static const int codes[] = {EIO, ENOSPC, EDQUOT, EMFILE, ENFILE, EACCES, EROFS, ENOMEM, EINTR};
enum { CODES = sizeof codes / sizeof *codes };

START_TEST(no_failing_call_spoils_what_was_delivered)
{
    sqi_disk_fault fault = {.calls = SQI_DISK_ANY, .at = 1};
    for (bool struck = true; struck; fault.at++)
        for (int i = 0; i < CODES; i++) {
            fault.code = codes[i];
            struck = live_with(&fault, false, 6);
        }
    ck_assert_uint_gt(fault.at, 20); /* or the test shows nothing */
}
END_TEST

START_TEST(a_disk_that_stays_broken_does_no_harm)
{
    sqi_disk_fault fault = {.calls = SQI_DISK_ANY, .at = 1, .beyond = true};
    for (bool struck = true; struck; fault.at++)
        for (int i = 0; i < 3; i++) {
            fault.code = codes[i];
            struck = live_with(&fault, false, 6);
        }
}
END_TEST

START_TEST(what_was_done_and_said_to_have_failed_does_no_harm)
{
    sqi_disk_fault fault = {.calls = SQI_DISK_ANY, .at = 1, .after = true, .code = EIO};
    while (live_with(&fault, false, 6))
        fault.at++;
}
END_TEST

START_TEST(the_next_process_goes_on_whatever_failed)
{
    sqi_disk_fault fault = {.calls = SQI_DISK_ANY, .at = 1};
    for (bool struck = true; struck; fault.at++)
        for (int i = 0; i < 4; i++) {
            fault.code = i < 2 ? EIO : ENOSPC;
            fault.beyond = i % 2;
            struck = live_with(&fault, true, 6);
        }
}
END_TEST

START_TEST(short_calls_at_any_place_are_no_failure)
{
    sqi_disk_fault fault = {.calls = SQI_DISK_BIT(SQI_DISK_READ) | SQI_DISK_BIT(SQI_DISK_WRITE), .at = 1};
    char why[DURABLE_TEXT];
    for (bool struck = true; struck; fault.at++) {
        sqi_disk_sim *disk = sqi_disk_sim_new(1);
        durable_world w = durable_world_new();
        must_end_well(disk, &first, &w, "before");
        sqi_disk_sim_fail(disk, fault);
        ck_assert_msg(durable_live(disk, &second, &w, why) == DURABLE_DONE, "%zu: %s", fault.at, why);
        struck = sqi_disk_sim_failed(disk) > 0;
        sqi_disk_sim_free(disk);
    }
    ck_assert_uint_gt(fault.at, 5);
}
END_TEST

/* Syncs are where trust is: each of them, in a first life too, and every crash from the failure on. */
START_TEST(a_failed_sync_is_never_trusted_again)
{
    char what[512], why[DURABLE_TEXT];
    sqi_disk_fault fault = {
        .calls = SQI_DISK_BIT(SQI_DISK_SYNC) | SQI_DISK_BIT(SQI_DISK_SYNC_DIR), .at = 1, .code = EIO};
    for (bool struck = true; struck; fault.at++)
        for (int again = 0; again < 2; again++) {
            sqi_disk_sim *disk = sqi_disk_sim_new(1);
            durable_world w = durable_world_new();
            sqi_disk_sim_journal(disk, again);
            sqi_disk_sim_fail(disk, fault);
            durable_end end = durable_live(disk, &second, &w, why);
            struck = sqi_disk_sim_failed(disk) > 0;
            name_fault(disk, &fault, what);
            ck_assert_msg(end != DURABLE_WRONG, "%s: %s", what, why);
            if (end == DURABLE_ERROR)
                must_name(why, EIO, what);
            if (struck && again)
                must_end_well(disk, &third, &w, what);
            crash(disk, &w, 0, 12, what);
            sqi_disk_sim_free(disk);
        }
}
END_TEST

/* The second life begins on what a crash left, and the disk fails while it looks at that. */
START_TEST(a_fault_while_recovering_from_a_crash_does_no_harm)
{
    char why[DURABLE_TEXT];
    sqi_disk_sim *disk = sqi_disk_sim_new(1);
    durable_world w = durable_world_new();
    must_end_well(disk, &first, &w, "before");
    for (size_t call = 0; call <= sqi_disk_sim_calls(disk); call++) {
        if (!sqi_disk_images_differ(disk, call))
            continue;
        bool struck = true;
        for (size_t at = 1 + call % 3; struck; at += 3) {
            sqi_disk_images it = sqi_disk_images_begin(disk, call, 1, call);
            sqi_disk_sim *crashed = sqi_disk_images_next(&it);
            durable_world after = durable_world_at(&w, call);
            sqi_disk_sim_fail(crashed, (sqi_disk_fault){.calls = SQI_DISK_ANY, .at = at, .code = EIO});
            durable_end end = durable_live(crashed, &second, &after, why);
            struck = sqi_disk_sim_failed(crashed) > 0;
            ck_assert_msg(end != DURABLE_WRONG, "fault %zu: %s\n%s", at, why, sqi_disk_images_text(&it));
            sqi_disk_sim_fail(crashed, (sqi_disk_fault){.calls = 0});
            crash(crashed, &after, sqi_disk_sim_calls(crashed), 4, sqi_disk_images_text(&it));
            sqi_disk_images_end(&it);
            sqi_disk_sim_free(crashed);
        }
    }
    sqi_disk_sim_free(disk);
}
END_TEST

START_TEST(a_disk_that_is_full_can_be_gone_on_with_when_there_is_room)
{
    char why[DURABLE_TEXT];
    bool full = true;
    for (int64_t room = 1; full; room += 13) {
        sqi_disk_sim *disk = sqi_disk_sim_new(1);
        durable_world w = durable_world_new();
        sqi_disk_sim_capacity(disk, room);
        durable_end end = durable_live(disk, &second, &w, why);
        ck_assert_msg(end != DURABLE_WRONG, "%lld bytes: %s", (long long)room, why);
        full = end == DURABLE_ERROR;
        if (full)
            must_name(why, ENOSPC, "full");
        sqi_disk_sim_capacity(disk, 0);
        must_end_well(disk, &third, &w, "with room");
        sqi_disk_sim_free(disk);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {no_failing_call_spoils_what_was_delivered,
                                  a_disk_that_stays_broken_does_no_harm,
                                  what_was_done_and_said_to_have_failed_does_no_harm,
                                  the_next_process_goes_on_whatever_failed,
                                  short_calls_at_any_place_are_no_failure,
                                  a_failed_sync_is_never_trusted_again,
                                  a_fault_while_recovering_from_a_crash_does_no_harm,
                                  a_disk_that_is_full_can_be_gone_on_with_when_there_is_room};
    return sqi_test_main("disk_faults", tests, sizeof tests / sizeof *tests);
}
