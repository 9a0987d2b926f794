#ifndef AH_REFUSE_H
#define AH_REFUSE_H

#include "ah_schema.h"

/* Fills in why, and hands the status through. */
static inline uint16_t ah_refuse(ah_refusal *refusal, uint16_t status, double value, double limit, uint32_t place)
{
    refusal->value = value;
    refusal->limit = limit;
    refusal->place = place;
    refusal->reserved = 0;
    return status;
}

#endif
