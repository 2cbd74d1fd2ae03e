/* func_operators: no rows yet. */
#include "func.h"

const sqi_func sqi_func_operators[] = {{0}};
