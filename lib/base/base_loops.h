/*
 * base_loops: SQI_LOOPS_VECTORIZE, after the includes of a file whose loops are to become vector instructions: gcc makes
 * them of loops of unknown length only from -O3 on, of comparisons of reals only if nobody asks for floating-point
 * exceptions, and of roots only if nobody asks for errno. Values are not affected.
 */
#ifndef SQI_BASE_LOOPS_H
#define SQI_BASE_LOOPS_H

#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#define SQI_LOOPS_VECTORIZE _Pragma("GCC optimize(\"O3\", \"no-trapping-math\", \"no-math-errno\")")
#define SQI_VECTORIZE __attribute__((optimize("O3"))) /* one function */
#else
#define SQI_LOOPS_VECTORIZE
#define SQI_VECTORIZE
#endif

#endif
