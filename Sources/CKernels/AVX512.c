// 16 Floats in each of 32 registers, with masks for the last ones.
#if defined(__x86_64__)
#include <immintrin.h>

#include "Levels.h"

#pragma clang attribute push(                                                                  \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

#include "AVX512Vectors.h"

INLINE vector multiply_add(vector x, vector y, vector sum) {
  return (vector)_mm512_fmadd_ps((__m512)x, (__m512)y, (__m512)sum);
}

#define ROWS 8
#define VECTORS 3
#include "Products.h"
#include "SmallProducts.h"

#include "Functions.h"
#include "Loops.h"
#include "Updates.h"
#include "Classes.h"

#define FLUSHES_IN_MXCSR
#define PAIR_ROWS 8
#define PAIR_VECTORS 3
#include "BFloat16Rounding.h"
#include "BFloat16Products.h"
#pragma clang attribute pop

const struct skein_kernels skein_avx512 = SKEIN_KERNELS("AVX-512");
const struct skein_bfloat16 skein_bfloat16_avx512 = SKEIN_BFLOAT16("AVX-512");
#endif
