/* func_time: no rows yet. */
#include "func.h"

const sqi_func sqi_func_time[] = {{0}};
