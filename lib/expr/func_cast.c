/* func_cast: no rows yet. */
#include "func.h"

const sqi_func sqi_func_cast[] = {{0}};
