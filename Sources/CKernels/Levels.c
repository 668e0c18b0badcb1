#include <stddef.h>

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

const struct skein_bfloat16 *skein_bfloat16(int level) {
#if defined(__x86_64__)
  if (level == 0) {
    bool is_there = skein_kernels(0) && __builtin_cpu_supports("avx512bf16");
    return is_there ? &skein_bfloat16_avx512_bf16 : NULL;
  }
  if (level == 1) return skein_kernels(0) ? &skein_bfloat16_avx512 : NULL;
  if (level == 2) return skein_kernels(1) ? &skein_bfloat16_avx2 : NULL;
#elif defined(__aarch64__)
  if (level == 3) return &skein_bfloat16_neon;
#endif
  return level == skein_bfloat16_levels - 1 ? &skein_bfloat16_baseline : NULL;
}
