/* func_string_edit: no rows yet. */
#include "func.h"

const sqi_func sqi_func_string_edit[] = {{0}};
