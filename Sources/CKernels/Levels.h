#pragma once
#include "CKernels.h"

/// The table of a file that has included Classes.h.
#define SKEIN_KERNELS(NAME)                                                                     \
  {NAME, any_product, tile_columns, pack,                                                       \
   reduce, sum_of_squares, sgd, sgd_momentum, sgd_nesterov, adam, average,                        \
   convert_rows, mask, sum_rows,                                                                \
   exp_all, softmax_exp_all, expm1_all, log_all, log1p_all, tanh_all, erf_all,                  \
   cross_entropy, cross_entropy_gradient, matches}

extern const struct skein_kernels skein_avx512, skein_avx2, skein_neon, skein_baseline;
extern const struct skein_bfloat16 skein_bfloat16_avx512_bf16, skein_bfloat16_avx512,
    skein_bfloat16_avx2, skein_bfloat16_neon, skein_bfloat16_baseline;
