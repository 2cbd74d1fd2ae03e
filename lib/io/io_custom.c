/*
 * io_custom: what src_custom and snk_custom share.
 */
#include "io_custom.h"

streamq_status sqi_custom_options_make(const sqi_options *o, sqi_arena *arena, sqi_custom_options *out,
                                       streamq_error **err)
{
    size_t n = 0;
    for (const sqi_option *p = o->first; p; p = p->next)
        ++n;
    out->n = n;
    out->name = sqi_arena_array(arena, n + 1, sizeof *out->name);
    out->value = sqi_arena_array(arena, n + 1, sizeof *out->value);
    if (!out->name || !out->value)
        return sqi_error_nomem(err);
    n = 0;
    for (const sqi_option *p = o->first; p; p = p->next, ++n) {
        out->name[n] = sqi_arena_text(arena, p->name.ptr, p->name.len);
        out->value[n] = sqi_arena_text(arena, p->value.ptr, p->value.len);
        if (!out->name[n] || !out->value[n])
            return sqi_error_nomem(err);
    }
    return STREAMQ_OK;
}

streamq_status sqi_custom_failed(const char *kind, const char *name, const char *callback, int32_t code,
                                 const struct streamq_ext_error *why, streamq_error **err)
{
    return sqi_error_set(err, SQI_COND_USER_CALLBACK_FAILED, "%s '%.100s': %s returned %d%s%s", kind, name, callback,
                         (int)code, why->text[0] ? ": " : "", why->text);
}
