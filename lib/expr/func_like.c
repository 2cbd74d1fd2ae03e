/* func_like: no rows yet. */
#include "func.h"

const sqi_func sqi_func_like[] = {{0}};
