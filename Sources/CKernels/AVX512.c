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

INLINE vector multiply_add(vector x, vector y, vector sum) {
  return (vector)_mm512_fmadd_ps((__m512)x, (__m512)y, (__m512)sum);
}

#define ROWS 8
#define VECTORS 3
#include "Products.h"

#include "Functions.h"
#include "Loops.h"
#pragma clang attribute pop

const struct skein_kernels skein_avx512 = SKEIN_KERNELS("AVX-512");
#endif
