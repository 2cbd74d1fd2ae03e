/* func_hash: no rows yet. */
#include "func.h"

const sqi_func sqi_func_hash[] = {{0}};
