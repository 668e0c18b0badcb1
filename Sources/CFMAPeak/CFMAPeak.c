#include "CFMAPeak.h"

// Enough chains to hide a latency of 4 to 5 cycles on two units, few enough for 16 registers with
// the two factors. Written out, so that every chain is a register at any level of optimisation.
#define CHAINS 12
#define STEPS 64

#define BODY(vector, lanes)                                                              \
  vector factor, summand;                                                                \
  for (int i = 0; i < lanes; i++) { factor[i] = 0.999999f; summand[i] = 1e-6f; }         \
  vector a = summand, b = a + a, c = b + a, d = c + a, e = d + a, f = e + a;             \
  vector g = f + a, h = g + a, k = h + a, l = k + a, m = l + a, n = m + a;               \
  for (long round = 0; round < rounds; round++) {                                        \
    for (int step = 0; step < STEPS; step++) {                                           \
      a = a * factor + summand; b = b * factor + summand; c = c * factor + summand;      \
      d = d * factor + summand; e = e * factor + summand; f = f * factor + summand;      \
      g = g * factor + summand; h = h * factor + summand; k = k * factor + summand;      \
      l = l * factor + summand; m = m * factor + summand; n = n * factor + summand;      \
    }                                                                                    \
  }                                                                                      \
  vector sum = a + b + c + d + e + f + g + h + k + l + m + n;                            \
  float total = 0;                                                                       \
  for (int i = 0; i < lanes; i++) total += sum[i];                                       \
  *sink = total;                                                                         \
  return 2.0 * lanes * CHAINS * STEPS;

// a * b + c becomes one instruction where the target has it.
#pragma STDC FP_CONTRACT ON

typedef float vector4 __attribute__((vector_size(16)));

static double baseline(long rounds, float *sink) { BODY(vector4, 4) }

#if defined(__x86_64__)
typedef float vector8 __attribute__((vector_size(32)));
typedef float vector16 __attribute__((vector_size(64)));

__attribute__((target("avx2,fma"))) static double avx2(long rounds, float *sink) {
  BODY(vector8, 8)
}

__attribute__((target("avx512f"))) static double avx512(long rounds, float *sink) {
  BODY(vector16, 16)
}

double skein_fma_rounds(long rounds, float *sink) {
  if (__builtin_cpu_supports("avx512f")) return avx512(rounds, sink);
  if (__builtin_cpu_supports("fma") && __builtin_cpu_supports("avx2")) return avx2(rounds, sink);
  return baseline(rounds, sink);
}
#else
double skein_fma_rounds(long rounds, float *sink) { return baseline(rounds, sink); }
#endif
