/*
 * data_order: comparing two values. Hashing: data_order_hash.c. Normal form of keys: data_order_normal.c.
 *
 * The three agree: values are equal exactly if their order is 0, and equal values hash alike. Maps have no order in
 * SQL; here they get one (size, then entries as they stand), so that sorting normalised keys is total.
 */
#include "data_order.h"

#define THREE_WAY(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_double(double x, double y)
{
    bool xn = x != x, yn = y != y;
    return xn || yn ? xn - yn : THREE_WAY(x, y);
}

static int compare_interval(const sqi_interval *x, const sqi_interval *y)
{
    int order = THREE_WAY(x->months, y->months);
    order = order ? order : THREE_WAY(x->days, y->days);
    return order ? order : THREE_WAY(x->micros, y->micros);
}

static int compare_lists(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    sqi_list x = SQI_AT(a, sqi_list, i), y = SQI_AT(b, sqi_list, j);
    bool map = a->type->id == SQI_MAP;
    if (map && x.length != y.length)
        return THREE_WAY(x.length, y.length);
    uint32_t n = x.length < y.length ? x.length : y.length;
    for (uint32_t e = 0; e < n; e++)
        for (uint32_t c = 0; c < a->type->nfield; c++) {
            int order = sqi_order_compare(&a->child[c], x.offset + e, &b->child[c], y.offset + e);
            if (order)
                return order;
        }
    return THREE_WAY(x.length, y.length);
}

static int compare_structs(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    for (uint32_t c = 0; c < a->type->nfield; c++) {
        int order = sqi_order_compare(&a->child[c], i, &b->child[c], j);
        if (order)
            return order;
    }
    return 0;
}

#define CASE_COMPARE(ctype)                                     \
    {                                                           \
        ctype x = SQI_AT(a, ctype, i), y = SQI_AT(b, ctype, j); \
        return THREE_WAY(x, y);                                 \
    }

int sqi_order_compare(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    i &= a->mask;
    j &= b->mask;
    bool x_valid = sqi_vec_valid(a, i), y_valid = sqi_vec_valid(b, j);
    if (!x_valid || !y_valid)
        return x_valid - y_valid;
    switch (a->type->id) {
    case SQI_BOOLEAN:
        CASE_COMPARE(uint8_t)
    case SQI_TINYINT:
        CASE_COMPARE(int8_t)
    case SQI_SMALLINT:
        CASE_COMPARE(int16_t)
    case SQI_INT:
    case SQI_DATE:
    case SQI_INTERVAL_YM:
        CASE_COMPARE(int32_t)
    case SQI_BIGINT:
    case SQI_TIMESTAMP:
    case SQI_TIMESTAMP_NTZ:
    case SQI_INTERVAL_DT:
        CASE_COMPARE(int64_t)
    case SQI_DECIMAL:
        CASE_COMPARE(sqi_int128)
    case SQI_FLOAT:
        return compare_double(SQI_AT(a, float, i), SQI_AT(b, float, j));
    case SQI_DOUBLE:
        return compare_double(SQI_AT(a, double, i), SQI_AT(b, double, j));
    case SQI_STRING:
    case SQI_BINARY:
        return sqi_str_compare(&SQI_AT(a, sqi_str, i), &SQI_AT(b, sqi_str, j));
    case SQI_INTERVAL:
        return compare_interval(&SQI_AT(a, sqi_interval, i), &SQI_AT(b, sqi_interval, j));
    case SQI_ARRAY:
    case SQI_MAP:
        return compare_lists(a, i, b, j);
    case SQI_STRUCT:
        return compare_structs(a, i, b, j);
    case SQI_VOID:
    case SQI_TYPE_IDS_:
        break;
    }
    return 0;
}

static bool entry_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    return sqi_order_equal(&a->child[0], i, &b->child[0], j) && sqi_order_equal(&a->child[1], i, &b->child[1], j);
}

static uint32_t entry_count(const sqi_vec *a, uint32_t i, const sqi_vec *b, sqi_list in)
{
    uint32_t count = 0;
    for (uint32_t e = 0; e < in.length; e++)
        count += entry_equal(a, i, b, in.offset + e);
    return count;
}

/*
 * Entries as a bag: JSON may give a key twice. Normalised maps meet in step; only maps whose entries stand in another
 * order need the quadratic part, and the hash has told the different ones apart before.
 */
static bool maps_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    sqi_list x = SQI_AT(a, sqi_list, i), y = SQI_AT(b, sqi_list, j);
    if (x.length != y.length)
        return false;
    uint32_t e = 0;
    while (e < x.length && entry_equal(a, x.offset + e, b, y.offset + e))
        e++;
    if (e == x.length)
        return true;
    uint64_t hash[2];
    sqi_vec one[2] = {*a, *b};
    uint32_t at[2] = {i, j};
    for (int k = 0; k < 2; k++) {
        sqi_list list = SQI_AT(&one[k], sqi_list, at[k]);
        one[k].data = &list;
        one[k].valid = NULL;
        sqi_order_hash(&one[k], (sqi_rows){NULL, 1}, 0, false, &hash[k]);
    }
    if (hash[0] != hash[1])
        return false;
    for (; e < x.length; e++)
        if (entry_count(a, x.offset + e, a, x) != entry_count(a, x.offset + e, b, y))
            return false;
    return true;
}

static bool lists_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    sqi_list x = SQI_AT(a, sqi_list, i), y = SQI_AT(b, sqi_list, j);
    if (x.length != y.length)
        return false;
    for (uint32_t e = 0; e < x.length; e++)
        if (!sqi_order_equal(&a->child[0], x.offset + e, &b->child[0], y.offset + e))
            return false;
    return true;
}

static bool structs_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    for (uint32_t c = 0; c < a->type->nfield; c++)
        if (!sqi_order_equal(&a->child[c], i, &b->child[c], j))
            return false;
    return true;
}

bool sqi_order_equal(const sqi_vec *a, uint32_t i, const sqi_vec *b, uint32_t j)
{
    i &= a->mask;
    j &= b->mask;
    bool x_valid = sqi_vec_valid(a, i), y_valid = sqi_vec_valid(b, j);
    if (!x_valid || !y_valid)
        return x_valid == y_valid;
    switch (a->type->id) {
    case SQI_STRING:
    case SQI_BINARY:
        return sqi_str_equal(&SQI_AT(a, sqi_str, i), &SQI_AT(b, sqi_str, j));
    case SQI_ARRAY:
        return lists_equal(a, i, b, j);
    case SQI_MAP:
        return maps_equal(a, i, b, j);
    case SQI_STRUCT:
        return structs_equal(a, i, b, j);
    default:
        return sqi_order_compare(a, i, b, j) == 0;
    }
}
