/* func_mask: no rows yet. */
#include "func.h"

const sqi_func sqi_func_mask[] = {{0}};
