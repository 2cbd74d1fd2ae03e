/* func_decimal: no rows yet. */
#include "func.h"

const sqi_func sqi_func_decimal[] = {{0}};
