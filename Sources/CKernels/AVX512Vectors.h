// Vectors of 16 Floats, with masks for the last ones. Included by files for AVX-512.
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
