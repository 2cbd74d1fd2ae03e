/* func_map: no rows yet. */
#include "func.h"

const sqi_func sqi_func_map[] = {{0}};
