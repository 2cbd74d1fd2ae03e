/* func_url: no rows yet. */
#include "func.h"

const sqi_func sqi_func_url[] = {{0}};
