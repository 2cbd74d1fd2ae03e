/* func_time_parts: no rows yet. */
#include "func.h"

const sqi_func sqi_func_time_parts[] = {{0}};
