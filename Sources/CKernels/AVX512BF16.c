// AVX-512 with instructions for bfloat16: 32 of its numbers in each of 32 registers.
#if defined(__x86_64__)
#include <immintrin.h>

#include "Levels.h"

#pragma clang attribute push(                                                                  \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))),              \
    apply_to = function)

#include "AVX512Vectors.h"

#define PAIRS_IN_HARDWARE
#include "BFloat16Rounding.h"

// These round to nearest, ties to even, whatever MXCSR says, and take denormals for zeros.

INLINE words round_pairs(vector x, vector y) {
  const __m512i places = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19,
      3, 18, 2, 17, 1, 16, 0);
  const __m512bh both = _mm512_cvtne2ps_pbh((__m512)x, (__m512)y);
  return (words)_mm512_permutexvar_epi16(places, (__m512i)both);
}

INLINE void round_row(vector x, vector y, unsigned *target) {
  const __m512bh both = _mm512_cvtne2ps_pbh((__m512)y, (__m512)x);
  store_words(target, (words)_mm512_rol_epi32((__m512i)both, 16));
}

/// The instruction adds the upper halves' product first, then the lower halves', each with one
/// rounding, and flushes each sum.
INLINE vector add_pairs(vector sum, words x, words y) {
  return (vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
}

#define PAIR_ROWS 8
#define PAIR_VECTORS 3
#include "BFloat16Products.h"
#pragma clang attribute pop

const struct skein_bfloat16 skein_bfloat16_avx512_bf16 = SKEIN_BFLOAT16("AVX-512 BF16");
#endif
