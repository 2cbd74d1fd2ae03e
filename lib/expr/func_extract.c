/* func_extract: no rows yet. */
#include "func.h"

const sqi_func sqi_func_extract[] = {{0}};
