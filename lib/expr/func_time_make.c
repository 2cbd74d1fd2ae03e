/* func_time_make: no rows yet. */
#include "func.h"

const sqi_func sqi_func_time_make[] = {{0}};
