/*
 * api_config: what a session is made with.
 */
#include "api_state.h"

streamq_config *streamq_config_new(void)
{
    streamq_config *c = sqi_heap_get(sizeof *c);
    if (!c)
        return NULL;
    c->magic = SQI_MAGIC_CONFIG;
    sqi_alloc_init(&c->heap);
    c->settings.alloc = &c->heap;
    c->os = sqi_os_posix();
    return c;
}

streamq_status streamq_config_set(streamq_config *config, const char *name, const char *value, streamq_error **error)
{
    if (!SQI_IS(config, CONFIG))
        return sqi_api_bad_handle(error, "streamq_config_set", "config");
    return sqi_settings_set(&config->settings, name, value, error);
}

streamq_status streamq_config_allocator(streamq_config *config, const streamq_allocator *allocator,
                                        streamq_error **error)
{
    if (!SQI_IS(config, CONFIG))
        return sqi_api_bad_handle(error, "streamq_config_allocator", "config");
    if (!allocator || allocator->struct_size < sizeof *allocator || !allocator->resize || !allocator->release)
        return sqi_error_set(error, SQI_COND_INVALID_ARGUMENT,
                             "an allocator needs struct_size = sizeof(streamq_allocator), resize and release");
    config->allocator = *allocator;
    config->has_allocator = true;
    return STREAMQ_OK;
}

void streamq_config_log(streamq_config *config, streamq_log_callback callback, void *user)
{
    if (SQI_IS(config, CONFIG))
        config->log = (sqi_log){callback, user};
}

void streamq_config_free(streamq_config *config)
{
    if (!SQI_IS(config, CONFIG))
        return;
    sqi_settings_fini(&config->settings);
    config->magic = 0;
    sqi_heap_free(config);
}
