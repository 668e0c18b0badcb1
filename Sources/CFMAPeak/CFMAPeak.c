#include "CFMAPeak.h"

// Enough chains to hide a latency of 4 to 5 cycles on two units, few enough for 16 registers with
// the two factors. On Arm up to four units, and 32 registers.
#if defined(__aarch64__)
#define CHAINS 24
#else
#define CHAINS 12
#endif
#define STEPS 64
#define UNROLLED _Pragma("clang loop unroll(full)")

// One step of a chain, in the form that overwrites what the processor's instruction overwrites:
// NEON's the summand.
#if defined(__aarch64__)
#define STEP(chain) chain += factor * summand
#else
#define STEP(chain) chain = chain * factor + summand
#endif

/// Read at run time: of constants the compiler would compute the product beforehand.
static const volatile float unknown = 0.999999f;

#define BODY(vector, lanes)                                                                \
  vector factor, summand, chains[CHAINS];                                                  \
  for (int i = 0; i < lanes; i++) { factor[i] = unknown; summand[i] = 1e-6f * factor[i]; } \
  UNROLLED for (int i = 0; i < CHAINS; i++) chains[i] = summand * (float)(i + 1);          \
  for (long round = 0; round < rounds; round++) {                                          \
    for (int step = 0; step < STEPS; step++) {                                             \
      UNROLLED for (int i = 0; i < CHAINS; i++) STEP(chains[i]);                           \
    }                                                                                      \
  }                                                                                        \
  UNROLLED for (int i = 1; i < CHAINS; i++) chains[0] += chains[i];                        \
  float total = 0;                                                                         \
  for (int i = 0; i < lanes; i++) total += chains[0][i];                                   \
  *sink = total;                                                                           \
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
