/* avx512.h - "has this machine what names/ has inner loops for?"
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_AVX512_H
#define LEDE_NAMES_AVX512_H

#include <stdbool.h>

#if defined(__x86_64__)
#define LEDE_NAMES_AVX512                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

static inline bool lede_names_have_avx512(void)
{
    return __builtin_cpu_supports("avx512f") != 0 &&
           __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0;
}
#else
static inline bool lede_names_have_avx512(void)
{
    return false;
}
#endif

#endif
