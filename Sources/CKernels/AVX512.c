// 16 Floats in each of 32 registers, with masks for the last ones.
#if defined(__x86_64__)
#include <immintrin.h>

#include "Levels.h"

#pragma clang attribute push(                                                                  \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

#define LANES 16
#include "Vectors.h"

INLINE vector load_some(const float *p, int count) {
  if (count == LANES) return load(p);
  return (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}

INLINE void store_some(float *p, vector x, int count) {
  if (count == LANES) store(p, x);
  else _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)x);
}

/// Element j is the sum of the j-th vector's lanes, always in the same order.
INLINE quad sum4(vector w, vector x, vector y, vector z) {
#define PAIRS(A, B, LOW, HIGH)                                                                 \
  __builtin_shufflevector(                                                                     \
      A, B, LOW, HIGH, LOW + 1, HIGH + 1, LOW + 4, HIGH + 4, LOW + 5, HIGH + 5, LOW + 8,       \
      HIGH + 8, LOW + 9, HIGH + 9, LOW + 12, HIGH + 12, LOW + 13, HIGH + 13)
  vector wx = PAIRS(w, x, 0, 16) + PAIRS(w, x, 2, 18);
  vector yz = PAIRS(y, z, 0, 16) + PAIRS(y, z, 2, 18);
#undef PAIRS
#define HALVES(LOW, HIGH)                                                                      \
  __builtin_shufflevector(                                                                     \
      wx, yz, LOW, LOW + 1, HIGH, HIGH + 1, LOW + 4, LOW + 5, HIGH + 4, HIGH + 5, LOW + 8,     \
      LOW + 9, HIGH + 8, HIGH + 9, LOW + 12, LOW + 13, HIGH + 12, HIGH + 13)
  vector all = HALVES(0, 16) + HALVES(2, 18);
#undef HALVES
  quad low = __builtin_shufflevector(all, all, 0, 1, 2, 3) +
             __builtin_shufflevector(all, all, 8, 9, 10, 11);
  quad high = __builtin_shufflevector(all, all, 4, 5, 6, 7) +
              __builtin_shufflevector(all, all, 12, 13, 14, 15);
  return low + high;
}

#define ROWS 8
#define VECTORS 3
#define COLUMNS 8
#include "Products.h"

#include "Loops.h"
#pragma clang attribute pop

const struct skein_kernels skein_avx512 = SKEIN_KERNELS("AVX-512", product);
#endif
