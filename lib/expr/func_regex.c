/* func_regex: no rows yet. */
#include "func.h"

const sqi_func sqi_func_regex[] = {{0}};
