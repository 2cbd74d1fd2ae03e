/* func_encode: no rows yet. */
#include "func.h"

const sqi_func sqi_func_encode[] = {{0}};
