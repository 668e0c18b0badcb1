#include <stddef.h>
#include <string.h>

#include "Levels.h"

const struct skein_kernels *skein_kernels(int level) {
#if defined(__x86_64__)
  if (level == 0) {
    bool is_there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("fma");
    return is_there ? &skein_avx512 : NULL;
  }
  if (level == 1) {
    bool is_there = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return is_there ? &skein_avx2 : NULL;
  }
#elif defined(__aarch64__)
  if (level == 2) return &skein_neon;
#endif
  return level == skein_kernel_levels - 1 ? &skein_baseline : NULL;
}

const struct skein_kernels *skein_best_kernels(void) {
  int level = 0;
  while (!skein_kernels(level)) level++;
  return skein_kernels(level);
}

#if defined(__x86_64__)
/// Whether `level` computes what Numerics.md says: the lower k first, two roundings for a pair, and
/// tiny sums made 0. Manuals leave the order inside of an instruction open.
static bool keeps_order(const struct skein_bfloat16 *level) {
  enum { sums = 4 };
  static const float a[2] = {0x1p-60f, 0x1p-60f}, start[sums] = {0x1p24f, -0x1p24f, 0, 0x1.8p-126f};
  static const float w[2 * sums] = {0x1p60f, 0x1p60f, 0x1p84f, 0x1p59f, 0x1p-70f, 0, -0x1p-66f, 0};
  static const float expected[sums] = {0x1p24f, 0.5f, 0, 0};
  unsigned panel[64] = {0};
  float c[sums];
  level->pack(w, 2, 0, sums, 0, 2, sums, panel, NULL);
  struct skein_bfloat16_product p = {
      .a = a, .a_row = 2, .panels = panel, .slots = 1, .slot_count = 1, .k = 2, .start = start,
      .c = c, .c_row = sums, .m = 1, .n = sums};
  level->product(&p);
  return memcmp(c, expected, sizeof c) == 0;
}
#endif

bool skein_has_slow_pairs(void) {
#if defined(__x86_64__)
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

const struct skein_bfloat16 *skein_bfloat16(int level) {
#if defined(__x86_64__)
  if (level == 0) {
    bool is_there = skein_kernels(0) && __builtin_cpu_supports("avx512bf16") &&
                    keeps_order(&skein_bfloat16_avx512_bf16);
    return is_there ? &skein_bfloat16_avx512_bf16 : NULL;
  }
  if (level == 1) return skein_kernels(0) ? &skein_bfloat16_avx512 : NULL;
  if (level == 2) return skein_kernels(1) ? &skein_bfloat16_avx2 : NULL;
#elif defined(__aarch64__)
  if (level == 3) return &skein_bfloat16_neon;
#endif
  return level == skein_bfloat16_levels - 1 ? &skein_bfloat16_baseline : NULL;
}
