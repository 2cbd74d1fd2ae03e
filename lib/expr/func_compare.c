/* func_compare: no rows yet. */
#include "func.h"

const sqi_func sqi_func_compare[] = {{0}};
