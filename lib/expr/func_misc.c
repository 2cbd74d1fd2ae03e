/* func_misc: no rows yet. */
#include "func.h"

const sqi_func sqi_func_misc[] = {{0}};
