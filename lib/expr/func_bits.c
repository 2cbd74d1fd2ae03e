/* func_bits: no rows yet. */
#include "func.h"

const sqi_func sqi_func_bits[] = {{0}};
