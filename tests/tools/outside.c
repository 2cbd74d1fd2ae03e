/* outside: a program outside the tree that uses an installed streamq; C and C++. */
#include <stdio.h>
#include <streamq.h>

int main(void)
{
    streamq_error *error = NULL;
    streamq_session *session = streamq_session_new(NULL);
    streamq_plan *plan = streamq_plan_new(session);
    streamq_stream *rows =
        streamq_sql(plan, "SELECT k, count(*) AS count FROM VALUES ('a'), ('b'), ('b') AS t(k) GROUP BY k ORDER BY k");
    streamq_batch *batch = streamq_collect(rows, &error);
    char *table = streamq_batch_show(batch, 20, 20);
    if (error)
        fprintf(stderr, "%s\n", streamq_error_message(error));
    else
        printf("%s", table);
    streamq_string_free(table);
    streamq_batch_free(batch);
    streamq_plan_free(plan);
    streamq_session_free(session);
    int status = error != NULL;
    streamq_error_free(error);
    return status;
}
