/* func_time_format: no rows yet. */
#include "func.h"

const sqi_func sqi_func_time_format[] = {{0}};
