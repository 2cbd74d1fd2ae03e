/* func_format: no rows yet. */
#include "func.h"

const sqi_func sqi_func_format[] = {{0}};
