/* func_number_text: no rows yet. */
#include "func.h"

const sqi_func sqi_func_number_text[] = {{0}};
