// 4 Floats: what every processor of the compiler's target has.
#include <math.h>

#include "Levels.h"

#define LANES 4
#include "Vectors.h"

INLINE vector load_some(const float *p, int count) { return load4_some(p, count); }
INLINE void store_some(float *p, vector x, int count) { store4_some(p, x, count); }

/// Exact, and slow: libm computes what the processor cannot.
INLINE vector multiply_add(vector x, vector y, vector sum) {
  for (int lane = 0; lane < LANES; lane++) sum[lane] = fmaf(x[lane], y[lane], sum[lane]);
  return sum;
}

#define ROWS 8
#define VECTORS 2
#include "Products.h"
#include "SmallProducts.h"

#include "Functions.h"
#include "Loops.h"
#include "Updates.h"
#include "Classes.h"

#define PAIR_ROWS 4
#define PAIR_VECTORS 2
#include "BFloat16Rounding.h"
#include "BFloat16Products.h"

const struct skein_kernels skein_baseline = SKEIN_KERNELS("baseline");
const struct skein_bfloat16 skein_bfloat16_baseline = SKEIN_BFLOAT16("baseline");
