/*
 * func_loop: the loops of kernels over plain values. A loop has up to four forms, so that the compiler sees a dense run
 * over arrays (and turns it into vector instructions), a run with one constant side, and a run over a selection.
 *
 *     SQI_LOOP2(int32_t, int32_t, int32_t, r = x < y ? x : y);
 *
 * The statement reads x and y and sets r. `arg`, `rows` and `out` are the kernel's own. Files that use the loops put
 * SQI_LOOPS_VECTORIZE (base_loops) after their includes.
 */
#ifndef SQI_FUNC_LOOP_H
#define SQI_FUNC_LOOP_H

#include "base_loops.h"
#include "data_vec.h"

#ifdef SQI_ONLY_WANTED_ROWS /* for memory checkers: positions that nobody wants hold what was in memory before */
#define SQI_LOOP_WIDENS false
#else
#define SQI_LOOP_WIDENS true
#endif

/* The rows for a loop that minds no single row: all n positions, if enough of them are wanted anyway. */
static inline sqi_rows sqi_loop_widen(sqi_rows rows, uint32_t n)
{
    return SQI_LOOP_WIDENS && rows.sel && rows.n >= n / 3 ? (sqi_rows){NULL, n} : rows;
}

/* The same for types that are rarely computed with (TINYINT, SMALLINT): one form, a tenth of the code. */
#define SQI_RARE_LOOP1(TA, TO, ...)                          \
    do {                                                     \
        for (uint32_t k_ = 0; k_ < rows.n; k_++) {           \
            const uint32_t i = rows.sel ? rows.sel[k_] : k_; \
            const TA x = SQI_AT(&arg[0], TA, i);             \
            TO r;                                            \
            __VA_ARGS__;                                     \
            SQI_OUT(out, TO)[i] = r;                         \
        }                                                    \
    } while (0)

#define SQI_RARE_LOOP2(TA, TB, TO, ...)                      \
    do {                                                     \
        for (uint32_t k_ = 0; k_ < rows.n; k_++) {           \
            const uint32_t i = rows.sel ? rows.sel[k_] : k_; \
            const TA x = SQI_AT(&arg[0], TA, i);             \
            const TB y = SQI_AT(&arg[1], TB, i);             \
            TO r;                                            \
            __VA_ARGS__;                                     \
            SQI_OUT(out, TO)[i] = r;                         \
        }                                                    \
    } while (0)

#define SQI_LOOP1(TA, TO, ...)                         \
    do {                                               \
        const TA *const restrict pa_ = arg[0].data;    \
        TO *const restrict po_ = out->data;            \
        const uint32_t ma_ = arg[0].mask, n_ = rows.n; \
        if (rows.sel) {                                \
            for (uint32_t k_ = 0; k_ < n_; k_++) {     \
                const uint32_t i = rows.sel[k_];       \
                const TA x = pa_[i & ma_];             \
                TO r;                                  \
                __VA_ARGS__;                           \
                po_[i] = r;                            \
            }                                          \
        } else if (ma_) {                              \
            for (uint32_t i = 0; i < n_; i++) {        \
                const TA x = pa_[i];                   \
                TO r;                                  \
                __VA_ARGS__;                           \
                po_[i] = r;                            \
            }                                          \
        } else {                                       \
            const TA x = pa_[0];                       \
            for (uint32_t i = 0; i < n_; i++) {        \
                TO r;                                  \
                __VA_ARGS__;                           \
                po_[i] = r;                            \
            }                                          \
        }                                              \
    } while (0)

#define SQI_LOOP2(TA, TB, TO, ...)                                        \
    do {                                                                  \
        const TA *const restrict pa_ = arg[0].data;                       \
        const TB *const restrict pb_ = arg[1].data;                       \
        TO *const restrict po_ = out->data;                               \
        const uint32_t ma_ = arg[0].mask, mb_ = arg[1].mask, n_ = rows.n; \
        if (rows.sel || !(ma_ | mb_)) {                                   \
            for (uint32_t k_ = 0; k_ < n_; k_++) {                        \
                const uint32_t i = rows.sel ? rows.sel[k_] : k_;          \
                const TA x = pa_[i & ma_];                                \
                const TB y = pb_[i & mb_];                                \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else if (ma_ && mb_) {                                          \
            for (uint32_t i = 0; i < n_; i++) {                           \
                const TA x = pa_[i];                                      \
                const TB y = pb_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else if (ma_) {                                                 \
            const TB y = pb_[0];                                          \
            for (uint32_t i = 0; i < n_; i++) {                           \
                const TA x = pa_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else {                                                          \
            const TA x = pa_[0];                                          \
            for (uint32_t i = 0; i < n_; i++) {                           \
                const TB y = pb_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        }                                                                 \
    } while (0)

/* For what baseline x86-64 has no vector instructions for (64-bit products and order): the loops are unrolled. */
#define SQI_SCALAR_LOOP2(TA, TB, TO, ...)                                 \
    do {                                                                  \
        const TA *const restrict pa_ = arg[0].data;                       \
        const TB *const restrict pb_ = arg[1].data;                       \
        TO *const restrict po_ = out->data;                               \
        const uint32_t ma_ = arg[0].mask, mb_ = arg[1].mask, n_ = rows.n; \
        if (rows.sel || !(ma_ | mb_)) {                                   \
            for (uint32_t k_ = 0; k_ < n_; k_++) {                        \
                const uint32_t i = rows.sel ? rows.sel[k_] : k_;          \
                const TA x = pa_[i & ma_];                                \
                const TB y = pb_[i & mb_];                                \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else if (ma_ && mb_) {                                          \
            _Pragma("GCC unroll 4") for (uint32_t i = 0; i < n_; i++)     \
            {                                                             \
                const TA x = pa_[i];                                      \
                const TB y = pb_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else if (ma_) {                                                 \
            const TB y = pb_[0];                                          \
            _Pragma("GCC unroll 4") for (uint32_t i = 0; i < n_; i++)     \
            {                                                             \
                const TA x = pa_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        } else {                                                          \
            const TA x = pa_[0];                                          \
            _Pragma("GCC unroll 4") for (uint32_t i = 0; i < n_; i++)     \
            {                                                             \
                const TB y = pb_[i];                                      \
                TO r;                                                     \
                __VA_ARGS__;                                              \
                po_[i] = r;                                               \
            }                                                             \
        }                                                                 \
    } while (0)

#endif
