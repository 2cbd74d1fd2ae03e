/*
 * agg_pack: a value as bytes, for states that keep any number of values: numbers as their width in memory order, texts
 * as they are, nested values with lengths and null marks inside. Two normalised values (sqi_order_normalize) are equal
 * exactly if their bytes are.
 */
#ifndef SQI_AGG_PACK_H
#define SQI_AGG_PACK_H

#include "data_builder.h"

/* Append v[i], which is not null. False: no memory, or too long (the buffer says `failed`). */
bool sqi_agg_pack(sqi_buf *to, const sqi_vec *v, uint32_t i);
/* Append the value to a builder of its type. The bytes are those that pack made; with `shared` long texts are not
   copied and must outlive the vector. */
void sqi_agg_unpack(sqi_builder *to, const sqi_type *type, sqi_span bytes, bool shared);

#endif
