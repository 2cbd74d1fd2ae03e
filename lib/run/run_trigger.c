/*
 * run_trigger: see the header. Wall time may be negative in tests; division floors.
 */
#include "run_trigger.h"

static int64_t next_slot(int64_t now, int64_t interval)
{
    int64_t quotient = now / interval;
    if (now % interval < 0)
        --quotient;
    return (quotient + 1) * interval;
}

sqi_trigger_verdict sqi_trigger_decide(const sqi_trigger *t, const sqi_trigger_state *s, int64_t now_micros,
                                       int64_t *until)
{
    *until = now_micros;
    switch (t->kind) {
    case SQI_TRIGGER_ONCE:
        return s->started ? SQI_TRIGGER_STOP : SQI_TRIGGER_START;
    case SQI_TRIGGER_AVAILABLE_NOW:
        return s->exhausted ? SQI_TRIGGER_STOP : SQI_TRIGGER_START;
    case SQI_TRIGGER_INTERVAL:
        if (s->started && now_micros < s->next_micros) {
            *until = s->next_micros;
            return SQI_TRIGGER_WAIT;
        }
        return SQI_TRIGGER_START;
    case SQI_TRIGGER_DEFAULT:
        break;
    }
    return SQI_TRIGGER_START;
}

void sqi_trigger_begin(const sqi_trigger *t, sqi_trigger_state *s, int64_t now_micros)
{
    s->started = true;
    if (t->kind == SQI_TRIGGER_INTERVAL)
        s->next_micros = next_slot(now_micros, t->interval_micros);
}

int64_t sqi_trigger_end(const sqi_trigger *t, sqi_trigger_state *s, bool worked, int64_t now_micros)
{
    s->exhausted = !worked;
    s->worked |= worked;
    if (t->kind != SQI_TRIGGER_INTERVAL || now_micros <= s->next_micros)
        return 0;
    return now_micros - s->next_micros;
}
