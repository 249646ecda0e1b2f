/* match_kernels_avx512.h - "the inner loops of matching, for AVX-512"
 *
 * The members of match_kernels.h of the same names. None may be called where
 * lede_match_has_avx512() is false.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_MATCH_KERNELS_AVX512_H
#define LEDE_QUERY_MATCH_KERNELS_AVX512_H

#include "query/match_kernels.h"

#if defined(__x86_64__)

bool lede_match_has_avx512(void);

void lede_match_bounds_avx512(float weight, const float norms[256],
                              const lede_postings *list, uint32_t from,
                              uint32_t count, uint32_t *out);
void lede_match_attained_avx512(float weight, const float norms[256],
                                const lede_postings *list, uint32_t from,
                                uint32_t count, uint32_t *out);
void lede_match_parts_avx512(float weight, const float norms[256],
                             const uint8_t *lengths, const uint32_t *entries,
                             const uint32_t *frequencies, uint32_t count,
                             uint32_t *out);
uint32_t lede_match_filter_avx512(const uint32_t *values, uint32_t count,
                                  uint32_t least, uint32_t *out);
uint32_t lede_match_largest_avx512(const uint32_t *values, uint32_t count);
void lede_match_places_avx512(const uint32_t *entries, uint32_t size,
                              const uint32_t *wanted, uint32_t count,
                              uint16_t none, uint16_t *out);
uint32_t lede_match_filter_bytes_avx512(const uint8_t *bytes, uint32_t len,
                                        uint8_t least, uint32_t first,
                                        uint32_t *out);
uint64_t lede_match_count_bytes_avx512(const uint8_t *bytes, size_t len,
                                       uint8_t least);
void lede_match_fold_bytes_avx512(uint8_t *bytes, size_t len, uint64_t *words);
uint64_t lede_match_count_words_avx512(const uint64_t *words, size_t count);

#endif
#endif
