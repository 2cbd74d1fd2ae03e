/* func_struct: no rows yet. */
#include "func.h"

const sqi_func sqi_func_struct[] = {{0}};
