// 4 Floats in each of 32 registers: what every 64-bit Arm processor has.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "Levels.h"

#define LANES 4
#include "Vectors.h"

INLINE vector load_some(const float *p, int count) { return load4_some(p, count); }
INLINE void store_some(float *p, vector x, int count) { store4_some(p, x, count); }

INLINE vector multiply_add(vector x, vector y, vector sum) {
  return (vector)vfmaq_f32((float32x4_t)sum, (float32x4_t)x, (float32x4_t)y);
}

// BLIS' tile for Armv8: 24 sums, 3 vectors of b, and 5 registers for elements of a. For these 24
// multiply-adds clang emits 39 instructions, 10 of them loads, and none that uses the stack.
#define ROWS 8
#define VECTORS 3
#include "Products.h"
#include "SmallProducts.h"

#include "Functions.h"
#include "Loops.h"
#include "Updates.h"
#include "Classes.h"

#define PAIR_ROWS 4
#define PAIR_VECTORS 3
#include "BFloat16Rounding.h"
#include "BFloat16Products.h"

const struct skein_kernels skein_neon = SKEIN_KERNELS("NEON");
const struct skein_bfloat16 skein_bfloat16_neon = SKEIN_BFLOAT16("NEON");
#endif
