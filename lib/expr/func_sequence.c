/* func_sequence: no rows yet. */
#include "func.h"

const sqi_func sqi_func_sequence[] = {{0}};
