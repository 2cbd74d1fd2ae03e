/*
 * fail_alloc: an allocator for tests. It counts what is live, checks that every block comes back with the size it was
 * taken with, and can refuse the n-th request, once or from then on.
 */
#ifndef SQI_FAIL_ALLOC_H
#define SQI_FAIL_ALLOC_H

#include "base_alloc.h"
#include "base_error.h"

typedef struct sqi_fail_alloc {
    sqi_alloc alloc;  /* hand this one to the code under test */
    size_t fail_at;   /* refuse this request, counted from 1; 0: none */
    bool fail_beyond; /* and every later one */
    _Atomic size_t requests, refused, live_blocks, live_bytes;
} sqi_fail_alloc;

void sqi_fail_alloc_init(sqi_fail_alloc *f);
/* Fails the running test if anything is still live or the counters of the allocator disagree. */
void sqi_fail_alloc_assert_clean(const sqi_fail_alloc *f);

/* Takes its memory from `alloc`, gives all of it back whether it succeeds or not. */
typedef streamq_status (*sqi_test_fn)(sqi_alloc *alloc, void *context, streamq_error **err);

/*
 * Run `fn` with the 1st, 2nd, ... request refused until it passes with none refused; each time once with that request
 * alone refused and once with all later ones too. Every refusal must end in STREAMQ_ERR_NOMEM, every run must leave
 * nothing live. Gives the number of requests of the run that passed.
 */
size_t sqi_test_every_allocation(sqi_test_fn fn, void *context);

#endif
