/* func_str_map: no rows yet. */
#include "func.h"

const sqi_func sqi_func_str_map[] = {{0}};
