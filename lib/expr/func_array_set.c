/* func_array_set: no rows yet. */
#include "func.h"

const sqi_func sqi_func_array_set[] = {{0}};
const sqi_func sqi_func_array[] = {{0}};
