/*
 * func: finding rows of the function table. The families are constant arrays in their own files; looking a name up
 * walks them, which costs less than a microsecond and happens once per call in a query's text, never per row, so there
 * is no index to build and nothing here changes at run time.
 */
#include "func.h"

static const sqi_func *const families[] = {
    sqi_func_operators,   sqi_func_compare,     sqi_func_conditional, sqi_func_logic,         sqi_func_cast,
    sqi_func_math,        sqi_func_math_round,  sqi_func_bits,        sqi_func_decimal,       sqi_func_string,
    sqi_func_string_edit, sqi_func_regex,       sqi_func_number_text, sqi_func_number_format, sqi_func_number_pattern,
    sqi_func_collection,  sqi_func_struct,      sqi_func_lambda,      sqi_func_lambda_map,    sqi_func_time,
    sqi_func_time_parts,  sqi_func_time_trunc,  sqi_func_time_make,   sqi_func_time_now,      sqi_func_time_zone,
    sqi_func_time_format, sqi_func_interval,    sqi_func_misc,        sqi_func_hash,          sqi_func_split,
    sqi_func_string_part, sqi_func_string_find, sqi_func_like,        sqi_func_array,         sqi_func_array_set,
    sqi_func_array_find,  sqi_func_array_join,  sqi_func_sequence,    sqi_func_map,           sqi_func_mask,
    sqi_func_str_map,     sqi_func_encode,      sqi_func_url,         sqi_func_format,        sqi_func_distance,
    sqi_func_utf8,        sqi_func_array_sort,  sqi_func_sentences,
};

static bool same_name(const char *row, sqi_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (row[i] == '\0' || row[i] != c)
            return false;
    }
    return row[name.len] == '\0';
}

const sqi_func *sqi_func_find(sqi_span name)
{
    for (size_t k = 0; k < sizeof families / sizeof *families; k++)
        for (const sqi_func *f = families[k]; f->name; f++)
            if (same_name(f->name, name))
                return f;
    return NULL;
}

const sqi_func *sqi_func_at(size_t i)
{
    for (size_t k = 0; k < sizeof families / sizeof *families; k++)
        for (const sqi_func *f = families[k]; f->name; f++)
            if (i-- == 0)
                return f;
    return NULL;
}
