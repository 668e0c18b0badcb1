#pragma once
#include <stdbool.h>

/// A product of row-major matrices: c[m, n] = start + op(a)[m, k] · op(b)[k, n].
///
/// A transposed `a` is stored as [k, m], a transposed `b` as [n, k]; never both. The numbers that
/// end in `_row` say how many elements further a matrix's next row, as it is stored, begins.
struct skein_product {
  const float *_Nonnull a;
  long a_row;
  bool transposed_a;
  const float *_Nonnull b;
  long b_row;
  bool transposed_b;
  /// What the sums begin with: element (i, j) at start[i · start_row + j], or 0 where it is null.
  /// With a row of 0, one row for all; c itself may be the start.
  const float *_Nullable start;
  long start_row;
  float *_Nonnull c;
  long c_row;
  long m, n, k;
  /// Whether negative results become 0.
  bool rectifies;
};

/// The loops that a training step spends its time in, compiled for one set of vector instructions.
///
/// In C because Swift compiles a module for one processor: a portable package is one for SSE2,
/// which gives a quarter of what the cores can do. C compiles each function for the instructions
/// that it names, and `skein_kernels` finds out at run time which of them the processor has.
/// Measured in SkeinKernels' MatrixProduct.swift and ParameterLoops.swift, beside their use.
///
/// All are plain loops on memory that the caller has checked. None allocates, none keeps state.
struct skein_kernels {
  /// "AVX-512", "AVX2" or "baseline".
  const char *_Nonnull name;

  /// Each element of c is one chain of multiply-adds over k, or with a transposed `b` and k from 64
  /// on a chain in each of the vector's lanes, added up for every 1,024 of k: its bits depend on
  /// neither m nor n, so any part of a product has the bits of the whole.
  ///
  /// Null at the baseline: without wide multiply-adds the libraries do better, and on Arm nobody
  /// has measured yet.
  void (*_Nullable product)(const struct skein_product *_Nonnull p);

  /// sums[i] = factor · Σ over s of sums[s · stride + i], for i < count, neighbours first: (sum 0 +
  /// sum 1) + (sum 2 + sum 3) …, one without a neighbour as it is. The other sums may be
  /// overwritten.
  void (*_Nonnull reduce)(
      float *_Nonnull sums, long stride, long sum_count, float factor, long count);
  /// p −= rate · (g + decay · p) for a rectangle of p, whose rows begin p_row apart; g has no gaps.
  /// Returns whether every new p is finite.
  bool (*_Nonnull sgd)(
      float *_Nonnull p, long p_row, const float *_Nonnull g, float rate, float decay, long rows,
      long columns);
  /// v = momentum · v + (g + decay · p); p −= rate · v, v standing as p does. Returns likewise.
  bool (*_Nonnull sgd_momentum)(
      float *_Nonnull p, float *_Nonnull v, long p_row, const float *_Nonnull g, float rate,
      float momentum, float decay, long rows, long columns);

  /// target[i] = source[i] · high + source[i] · low
  void (*_Nonnull convert_bytes)(
      const unsigned char *_Nonnull source, float *_Nonnull target, long count, float high,
      float low);
  /// matrix[i, j] += row[j], for a matrix without gaps; negative results become 0 where
  /// `rectifies`.
  void (*_Nonnull add_row)(
      float *_Nonnull matrix, const float *_Nonnull row, long rows, long columns, bool rectifies);
  /// x[i] = 0 where x[i] < 0
  void (*_Nonnull rectify)(float *_Nonnull x, long count);
  /// gradient[i] = 0 unless output[i] > 0
  void (*_Nonnull mask)(float *_Nonnull gradient, const float *_Nonnull output, long count);
  /// sum[j] = Σ over the rows i of matrix[i · stride + j], from the first row to the last; added to
  /// what stands there where `accumulates`.
  void (*_Nonnull sum_rows)(
      const float *_Nonnull matrix, long stride, long rows, long columns, float *_Nonnull sum,
      bool accumulates);
};

/// The sets of instructions, best first: AVX-512, AVX2, baseline.
enum { skein_kernel_levels = 3 };

/// The kernels of one level, 0 the best; null where the processor lacks the instructions.
const struct skein_kernels *_Nullable skein_kernels(int level);

/// The kernels of the best level that the processor has.
const struct skein_kernels *_Nonnull skein_best_kernels(void);

/// Asks for the cache line at `address`, without waiting for it.
static inline void skein_prefetch(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 3);
}
