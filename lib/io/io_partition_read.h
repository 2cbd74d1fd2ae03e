/*
 * io_partition_read: folders called key=value as columns, as Spark finds them: which there are, of which types, and the
 * value of each for a file. (io_partition.h writes such folders.)
 *
 * Of the folders between base and file those count that stand together, the last such group: base/x/a=1/b=2/y/file has
 * a and b. Characters that are written as %41 are read back.
 */
#ifndef SQI_IO_PARTITION_READ_H
#define SQI_IO_PARTITION_READ_H

#include "io_common.h"

enum { SQI_PARTITION_MOST = 64 }; /* columns */

typedef struct sqi_partition_key {
    sqi_span name, raw; /* the name read back; the value as it stands in the path */
} sqi_partition_key;

/* Of the folders between base and file ("x/a=1/b=2/y/"), outermost first. Names may be made in the arena. *first: where
   the group begins. */
streamq_status sqi_partition_keys(sqi_span folders, sqi_partition_key to[SQI_PARTITION_MOST], uint32_t *n,
                                  size_t *first, sqi_arena *arena, streamq_error **err);

/* Types found from the values of many folders. */
typedef struct sqi_partition_types {
    const sqi_io_env *env;
    sqi_arena *arena;
    const sqi_schema *given; /* types the program named; NULL: none */
    bool text;               /* all others are strings */
    uint32_t n;
    sqi_field field[SQI_PARTITION_MOST];
    sqi_span above, folders; /* what stood before the first group, and the first folders, for messages */
    bool any;
} sqi_partition_types;

/* A file below these folders (which may have none of the kind). Folders that do not go together are refused. */
streamq_status sqi_partition_types_add(sqi_partition_types *t, sqi_span base, sqi_span folders, streamq_error **err);

/* A value as a constant of the type; __HIVE_DEFAULT_PARTITION__ is null. INVALID_PARTITION_VALUE. */
streamq_status sqi_partition_value(sqi_vec *out, sqi_partition_key key, const sqi_type *type, const sqi_io_env *env,
                                   sqi_arena *arena, streamq_error **err);

#endif
