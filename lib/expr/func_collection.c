/* func_collection: no rows yet. */
#include "func.h"

const sqi_func sqi_func_collection[] = {{0}};
