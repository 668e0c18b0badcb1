#pragma once
#include "CKernels.h"

/// The table of a file that has included Loops.h.
#define SKEIN_KERNELS(NAME, PRODUCT)                                                           \
  {NAME, PRODUCT, reduce, sgd, sgd_momentum, convert_bytes, add_row, rectify, mask, sum_rows}

extern const struct skein_kernels skein_avx512, skein_avx2, skein_baseline;
