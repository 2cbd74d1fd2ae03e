/* func_interval: no rows yet. */
#include "func.h"

const sqi_func sqi_func_interval[] = {{0}};
