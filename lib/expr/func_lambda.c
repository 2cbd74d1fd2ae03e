/* func_lambda: no rows yet. */
#include "func.h"

const sqi_func sqi_func_lambda[] = {{0}};
