/* streamq-checkpoint over good, torn, damaged, missing and foreign directories: what it says, and its exit status. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "streamq.h"
#include "temp_dir.h"
#include "test_main.h"

static char dir[64], tool[4096];

/* -------------------------------------------------------------- running it */

static char said[1 << 16];

/* Times and ids as words. */
static void mask(char *text)
{
    static const char uuid[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (char *p = text; *p; ++p) {
        size_t n = strspn(p, "0123456789abcdef-"), date = strspn(p, "0123456789-");
        if (n == strlen(uuid) && *p != '-' && p[8] == '-' && p[13] == '-') {
            memcpy(p, "UUID", 4);
            memmove(p + 4, p + n, strlen(p + n) + 1);
        } else if (date == 10 && *p != '-' && p[4] == '-' && p[7] == '-') {
            size_t len = 11 + strspn(p + 11, "0123456789:."), pad = strspn(p + len, " ");
            memcpy(p, "TIME", 4);
            memmove(p + 4, p + len + (pad > 1 ? pad - 1 : 0), strlen(p + len + (pad > 1 ? pad - 1 : 0)) + 1);
        }
    }
}

/* Its standard output and error; "%s" in the arguments is the directory. */
static int run(const char *arguments)
{
    char command[9000], line[4096];
    snprintf(line, sizeof line, arguments, dir);
    snprintf(command, sizeof command, "%s %s 2>&1", tool, line);
    FILE *from = popen(command, "r");
    ck_assert_ptr_nonnull(from);
    size_t n = fread(said, 1, sizeof said - 1, from);
    said[n] = '\0';
    int how = pclose(from);
    ck_assert_msg(WIFEXITED(how), "%s: %s", command, said);
    mask(said);
    return WEXITSTATUS(how);
}

static void says(const char *arguments, int status, const char *want)
{
    ck_assert_msg(run(arguments) == status, "%s: %s", arguments, said);
    ck_assert_str_eq(said, want);
}

static void mentions(const char *arguments, int status, const char *want)
{
    ck_assert_msg(run(arguments) == status, "%s: %s", arguments, said);
    ck_assert_msg(strstr(said, want) != NULL, "'%s' is not in:\n%s", want, said);
}

static void last_line(const char *arguments, int status, const char *want)
{
    mentions(arguments, status, want);
    ck_assert_str_eq(strstr(said, want) + strlen(want), "\n");
}

static void begin(void)
{
    ssize_t n = readlink("/proc/self/exe", tool, sizeof tool - 1);
    ck_assert_int_gt(n, 0);
    tool[n] = '\0';
    for (int up = 0; up < 3; ++up)
        *strrchr(tool, '/') = '\0';
    strcat(tool, "/streamq-checkpoint");
    temp_dir_begin(dir);
}

static void end(void)
{
    temp_dir_end(dir);
}

/* -------------------------------------------------------------- files */

static const char *path_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static long long size_of(const char *name)
{
    struct stat st;
    ck_assert_int_eq(stat(path_of(name), &st), 0);
    return st.st_size;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void append(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "a");
    fputs(text, f);
    fclose(f);
}

static unsigned char byte_at(const char *name, long at, unsigned char change)
{
    FILE *f = fopen(path_of(name), "r+");
    fseek(f, at, SEEK_SET);
    int old = fgetc(f);
    fseek(f, at, SEEK_SET);
    fputc(old ^ change, f);
    fclose(f);
    return (unsigned char)old;
}

#define FIRST "wal-0000000000000000000"

/* -------------------------------------------------------------- a checkpoint */

typedef struct query {
    streamq_session *session;
    streamq_plan *plan;
    streamq_feed *feed;
    streamq_query *query;
} query;

static query start(void)
{
    query q = {.session = streamq_session_new(NULL)};
    q.plan = streamq_plan_new(q.session);
    q.feed = streamq_feed_new(q.session, "value STRING", NULL);
    streamq_reader *reader = streamq_read_stream(q.plan, "memory");
    streamq_reader_feed(reader, q.feed);
    streamq_stream *words = streamq_select(streamq_reader_load(reader), "explode(split(value, ' ')) AS word");
    streamq_writer *w = streamq_write_stream(
        streamq_agg(streamq_group_by(words, "word"), "count(*), max(length(word)) AS longest"), "noop");
    streamq_writer_option(w, "checkpointLocation", dir);
    streamq_writer_output_mode(w, STREAMQ_UPDATE);
    q.query = streamq_writer_open(w, NULL);
    ck_assert_ptr_nonnull(q.query);
    return q;
}

static void batch(query *q, const char *lines)
{
    int32_t what;
    ck_assert_int_eq(streamq_feed_push_lines(q->feed, lines, -1, NULL), STREAMQ_OK);
    ck_assert_int_eq(streamq_query_step(q->query, &what, NULL), STREAMQ_OK);
}

static void stop(query *q)
{
    ck_assert_int_eq(streamq_query_stop(q->query, -1, NULL), STREAMQ_OK);
    streamq_query_free(q->query);
    streamq_feed_free(q->feed);
    streamq_plan_free(q->plan);
    streamq_session_free(q->session);
}

/* Two batches, both delivered. */
static void make(void)
{
    query q = start();
    batch(&q, "a bb a");
    batch(&q, "a ccc");
    stop(&q);
}

/* So many words that the log begins several files. */
static void make_large(void)
{
    static char text[200000];
    query q = start();
    for (int i = 0; i < 100; ++i) {
        size_t n = 0;
        for (int k = 0; k < 2000; ++k)
            n += (size_t)snprintf(text + n, sizeof text - n, "%sword-%d-with-some-padding-to-be-long-%d", k ? " " : "",
                                  k, i % 10);
        batch(&q, text);
    }
    stop(&q);
}

/* -------------------------------------------------------------- good ones */

START_TEST(a_checkpoint_is_shown)
{
    char want[4096];
    begin();
    make();
    long long metadata = size_of("metadata"), wal = size_of(FIRST);
    snprintf(want, sizeof want,
             "id          UUID\n"
             "format      version 1\n"
             "created     TIME UTC\n"
             "batches     0 to 1; the last one is delivered\n"
             "            the state can be read as it was after each from batch 0 on\n"
             "last batch  1, at TIME UTC\n"
             "            source 0: 0 to 1\n"
             "source 0    memory  MemoryStream[value]\n"
             "operator 0  stateStoreSave  3 rows of state\n"
             "              key  STRING  word\n"
             "              value  count(1) v1  count(1)\n"
             "              value  max(NULL::INT) v1  max(length(word))\n"
             "files                  0  lock\n"
             "            %12lld  metadata\n"
             "            %12lld  " FIRST "  batches 0 to 1\n"
             "            %12lld  in all\n"
             "lock        free: no query is running here\n"
             "A restart goes on with batch 2.\n",
             metadata, wal, metadata + wal);
    says("%s", 0, want);
    says("--verify %s", 0,
         "metadata                 fine\n" FIRST "  fine, batches 0 to 1\n"
         "the log as a whole       fine, batches up to 1\n"
         "4 records, 2 blocks of state; everything is fine\n"
         "A restart goes on with batch 2.\n");
    mentions("--batches %s", 0, "\n0        TIME yes ");
    mentions("--batches %s", 0, "source 0: 0 to 1\nA restart goes on with batch 2.\n");
    end();
}
END_TEST

START_TEST(rows_of_state_are_printed)
{
    begin();
    make();
    says("--state %s", 0,
         "+-----+------+------------+\n|key  |value |partition_id|\n+-----+------+------------+\n"
         "|{a}  |{3, 1}|0           |\n|{bb} |{1, 2}|0           |\n|{ccc}|{1, 3}|0           |\n"
         "+-----+------+------------+\n");
    says("%s --state 0 --batch=0", 0,
         "+----+------+------------+\n|key |value |partition_id|\n+----+------+------------+\n"
         "|{a} |{2, 1}|0           |\n|{bb}|{1, 2}|0           |\n+----+------+------------+\n");
    says("--state=0 --json --batch 0 %s", 0,
         "{\"key\":{\"word\":\"a\"},\"value\":{\"count\":2,\"max\":1},\"partition_id\":0}\n"
         "{\"key\":{\"word\":\"bb\"},\"value\":{\"count\":1,\"max\":2},\"partition_id\":0}\n");
    mentions("--state 1 %s", 1, "streamq-checkpoint: the checkpoint ");
    mentions("--state --batch 2 %s", 1, "no delivered batch 2");
    end();
}
END_TEST

START_TEST(a_running_query_is_no_trouble)
{
    begin();
    query q = start();
    last_line("%s", 0,
              "A query is running here; a second one is refused. After it: No batch has been logged yet; a "
              "restart begins with batch 0.");
    batch(&q, "a");
    last_line("%s", 0, "A query is running here; a second one is refused. After it: A restart goes on with batch 1.");
    mentions("%s", 0, "lock        held");
    last_line("--verify %s", 0, "A restart goes on with batch 1.");
    mentions("--state %s", 0, "{a}");
    batch(&q, "b"); /* and it goes on */
    stop(&q);
    last_line("%s", 0, "A restart goes on with batch 2.");
    end();
}
END_TEST

START_TEST(a_log_of_several_files_is_shown)
{
    begin();
    make_large();
    last_line("%s", 0, "A restart goes on with batch 100.");
    mentions("%s", 0, "20000 rows of state");
    mentions("--verify %s", 0, "everything is fine");
    ck_assert_ptr_nonnull(strstr(strstr(said, "wal-") + 1, "wal-"));
    end();
}
END_TEST

/* -------------------------------------------------------------- what a crash leaves */

START_TEST(a_batch_that_is_not_known_to_be_delivered_is_named)
{
    begin();
    make();
    ck_assert_int_eq(truncate(path_of(FIRST), size_of(FIRST) - 48), 0); /* the last record */
    for (int i = 0; i < 3; ++i) {
        static const char *const how[] = {"%s", "--batches %s", "--verify %s"};
        last_line(how[i], 0,
                  "Batch 1 is not known to be delivered: a restart runs it again with the same input; a sink that "
                  "does not remember batch ids sees it twice.");
    }
    mentions("%s", 0, "the last one is not known to be delivered");
    mentions("--state %s", 0, "{bb}");
    ck_assert_ptr_null(strstr(said, "ccc"));
    end();
}
END_TEST

START_TEST(a_torn_end_is_no_damage)
{
    begin();
    make();
    append(FIRST, "sqR1 and some of a record");
    mentions("%s", 0, "; behind them 25 bytes of a write that was cut off, which a restart removes\n");
    last_line("%s", 0, "A restart goes on with batch 2.");
    mentions("--verify %s", 0, "everything is fine");
    put("wal-0000000000000000002", "stream"); /* a file that was begun */
    mentions("%s", 0, "wal-0000000000000000002  begun, without a record; a restart removes it\n");
    mentions("--verify %s", 0, "wal-0000000000000000002  begun, without a record\n");
    last_line("--verify %s", 0, "A restart goes on with batch 2.");
    end();
}
END_TEST

/* -------------------------------------------------------------- damage */

START_TEST(damage_is_said_with_file_and_place)
{
    begin();
    make();
    (void)byte_at(FIRST, 64 + 60, 1); /* in the first record */
    mentions("%s", 1, "A restart is refused: ");
    mentions("%s", 1, FIRST " is damaged at byte 64: ");
    mentions("--verify %s", 1, FIRST "  DAMAGED\n  ");
    mentions("--verify %s", 1, "1 damaged\n");
    mentions("--state %s", 1, "is damaged at byte 64");
    end();
}
END_TEST

START_TEST(a_file_that_is_missing_is_said)
{
    char name[40] = "";
    begin();
    make_large();
    for (int i = 99; i > 0 && !*name; --i) {
        char one[40];
        snprintf(one, sizeof one, "wal-%019d", i);
        if (access(path_of(one), F_OK) == 0)
            strcpy(name, one);
    }
    ck_assert_str_ne(name, "");
    (void)byte_at(FIRST, 100000, 1); /* a restart does not need it any more */
    if (run("--verify %s") != 1 || !strstr(said, "A restart goes on with batch 100."))
        ck_abort_msg("%s", said);
    mentions("%s", 1, "(a restart does not need it)");
    ck_assert_int_eq(unlink(path_of(name)), 0);
    mentions("--verify %s", 1, "DAMAGED");
    end();
}
END_TEST

START_TEST(every_file_is_looked_at_whatever_is_wrong_with_others)
{
    begin();
    make_large();
    (void)byte_at(FIRST, 50, 1);
    ck_assert_int_eq(run("--verify %s"), 1);
    ck_assert_ptr_nonnull(strstr(said, FIRST "  DAMAGED"));
    ck_assert_ptr_nonnull(strstr(said, "  fine, batches "));
    end();
}
END_TEST

START_TEST(no_flipped_byte_and_no_cut_brings_it_down)
{
    begin();
    make();
    long wal = (long)size_of(FIRST), metadata = (long)size_of("metadata");
    const char *const how[] = {"%s", "--verify %s", "--state %s", "--batches %s"};
    int step = getenv("CHECK_EVERY_BYTE") ? 1 : 23;
    for (long at = 0; at < wal + metadata; at += step) {
        const char *name = at < wal ? FIRST : "metadata";
        long place = at < wal ? at : at - wal;
        unsigned char change = (unsigned char)(1 << at % 8);
        (void)byte_at(name, place, change);
        ck_assert_int_le(run(how[at / step % 4]), 1);
        (void)byte_at(name, place, change);
    }
    for (; wal > 0; wal -= step * 2) {
        ck_assert_int_le(run(how[wal / step % 4]), 1);
        ck_assert_int_eq(truncate(path_of(FIRST), wal), 0);
    }
    end();
}
END_TEST

/* -------------------------------------------------------------- what is no checkpoint */

START_TEST(new_and_foreign_directories_are_told_apart)
{
    begin();
    says("%s", 0,
         "lock        free: no query is running here\n"
         "The directory is new: a query that starts here begins with batch 0.\n");
    last_line("--batches %s", 0, "The directory is new: a query that starts here begins with batch 0.");
    last_line("--verify %s", 0, "The directory is new: a query that starts here begins with batch 0.");
    mentions("--state %s", 1, "there is no checkpoint in ");
    put("notes.txt", "x");
    last_line("%s", 0, "There is no checkpoint among these files: a query that starts here begins with batch 0.");
    put("metadata", "{\"id\":\"7d9a6a1e-8a3c-4a3c-9a3c-7d9a6a1e8a3c\"}");
    mentions("%s", 1, "A restart is refused: ");
    mentions("%s", 1, "this is a checkpoint of Spark");
    mentions("--verify %s", 1, "this is a checkpoint of Spark");
    mentions("--state %s", 1, "this is a checkpoint of Spark");
    put("metadata", "{\"id\":\"7d9a6a1e-8a3c-4a3c-9a3c-7d9a6a1e8a3c\",\"version\":9}");
    mentions("%s", 1, "A restart is refused: ");
    mentions("%s", 1, "format version 9");
    put("metadata", "nonsense");
    mentions("%s", 1, "metadata is damaged");
    ck_assert_int_eq(unlink(path_of("metadata")), 0);
    put(FIRST, "x");
    mentions("%s", 1, "has a log, but its file `metadata` is missing");
    mentions("--verify %s", 1, "has a log, but its file `metadata` is missing");
    mentions("%s/notes.txt", 1, "this is no directory");
    mentions("%s/nothing", 1, "No such file or directory");
    end();
}
END_TEST

START_TEST(what_is_printed_has_no_control_characters)
{
    begin();
    put("metadata", "{\"id\":\"7d9a6a1e-8a3c-4a3c-9a3c-7d9a6a1e8a3c\",\"version\":1,\"created\":9223372036854775807,"
                    "\"shape\":[\"source\\t\\u001b[2J\\t\\u009bx\",\"operator\\todd\\u0007\\tname\"]}");
    put("\033[2J", "");
    mentions("%s", 0, "source 0    \\x1b[2J  \\xc2\\x9bx\n");
    mentions("%s", 0, "operator 0  odd\\x07");
    mentions("%s", 0, "  \\x1b[2J\n");
    mentions("--verify %s", 0, "fine");
    mentions("--state %s", 1, "which this library cannot read");
    ck_assert_ptr_null(strchr(said, 7));
    end();
}
END_TEST

START_TEST(wrong_usage_is_explained)
{
    static const char *const wrong[] = {"",
                                        "--nonsense %s",
                                        "%s /tmp",
                                        "--batches --verify %s",
                                        "--json %s",
                                        "--batch 1 %s",
                                        "--state --batch x %s",
                                        "--state --batch",
                                        "--state=x %s",
                                        "--state=99999999999 %s",
                                        "--batchesx %s",
                                        "''"};
    begin();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i)
        mentions(wrong[i], 2, "usage: streamq-checkpoint DIR");
    mentions("--help", 0, "usage: streamq-checkpoint DIR");
    mentions("--version", 0, "streamq-checkpoint " STREAMQ_VERSION "\n");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_checkpoint_is_shown,
                                  rows_of_state_are_printed,
                                  a_running_query_is_no_trouble,
                                  a_log_of_several_files_is_shown,
                                  a_batch_that_is_not_known_to_be_delivered_is_named,
                                  a_torn_end_is_no_damage,
                                  damage_is_said_with_file_and_place,
                                  a_file_that_is_missing_is_said,
                                  every_file_is_looked_at_whatever_is_wrong_with_others,
                                  no_flipped_byte_and_no_cut_brings_it_down,
                                  new_and_foreign_directories_are_told_apart,
                                  what_is_printed_has_no_control_characters,
                                  wrong_usage_is_explained};
    return sqi_test_main("streamq_checkpoint", tests, sizeof tests / sizeof *tests);
}
