/* func_math: no rows yet. */
#include "func.h"

const sqi_func sqi_func_math[] = {{0}};
