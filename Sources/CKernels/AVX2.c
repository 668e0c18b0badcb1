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

INLINE vector multiply_add(vector x, vector y, vector sum) {
  return (vector)_mm256_fmadd_ps((__m256)x, (__m256)y, (__m256)sum);
}

#define ROWS 6
#define VECTORS 2
#include "Products.h"
#include "SmallProducts.h"

#include "Functions.h"
#include "Loops.h"
#include "Updates.h"
#include "Classes.h"

#define FLUSHES_IN_MXCSR
#define PAIR_ROWS 4
#define PAIR_VECTORS 2
#include "BFloat16Rounding.h"
#include "BFloat16Products.h"
#pragma clang attribute pop

const struct skein_kernels skein_avx2 = SKEIN_KERNELS("AVX2");
const struct skein_bfloat16 skein_bfloat16_avx2 = SKEIN_BFLOAT16("AVX2");
#endif
