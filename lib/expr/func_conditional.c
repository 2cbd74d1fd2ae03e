/* func_conditional: no rows yet. */
#include "func.h"

const sqi_func sqi_func_conditional[] = {{0}};
