/* func_math_round: no rows yet. */
#include "func.h"

const sqi_func sqi_func_math_round[] = {{0}};
