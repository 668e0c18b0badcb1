// 8 Floats in each of 16 registers.
#if defined(__x86_64__)
#include <immintrin.h>

#include "Levels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LANES 8
#include "Vectors.h"

/// All bits set in the first `count` lanes.
INLINE __m256i first_lanes(int count) {
  static const int bits[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256((const __m256i *)(bits + LANES - count));
}

INLINE vector load_some(const float *p, int count) {
  if (count == LANES) return load(p);
  return (vector)_mm256_maskload_ps(p, first_lanes(count));
}

INLINE void store_some(float *p, vector x, int count) {
  if (count == LANES) store(p, x);
  else _mm256_maskstore_ps(p, first_lanes(count), (__m256)x);
}

/// Element j is the sum of the j-th vector's lanes, always in the same order.
INLINE quad sum4(vector w, vector x, vector y, vector z) {
#define PAIRS(A, B, FIRST)                                                                     \
  __builtin_shufflevector(                                                                     \
      A, B, FIRST, FIRST + 8, FIRST + 1, FIRST + 9, FIRST + 4, FIRST + 12, FIRST + 5, FIRST + 13)
  vector wx = PAIRS(w, x, 0) + PAIRS(w, x, 2);
  vector yz = PAIRS(y, z, 0) + PAIRS(y, z, 2);
#undef PAIRS
  vector all = __builtin_shufflevector(wx, yz, 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(wx, yz, 2, 3, 10, 11, 6, 7, 14, 15);
  return __builtin_shufflevector(all, all, 0, 1, 2, 3) +
         __builtin_shufflevector(all, all, 4, 5, 6, 7);
}

#define ROWS 6
#define VECTORS 2
#define COLUMNS 4
#include "Products.h"

#include "Loops.h"
#pragma clang attribute pop

const struct skein_kernels skein_avx2 = SKEIN_KERNELS("AVX2", product);
#endif
