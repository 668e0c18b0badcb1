#pragma once
#include <stdbool.h>

#include "BFloat16.h"

/// A product of row-major matrices: c[m, n] = start + op(a)[m, k] · op(b)[k, n].
///
/// A transposed `a` is stored as [k, m], a transposed `b` as [n, k]. The numbers that end in `_row`
/// say how many elements further a matrix's next row, as it is stored, begins.
///
/// A packed operand lies in panels, as `pack` writes them for a matrix that has k among its rows:
/// `_row` is then how many rows that matrix has, and k begins with its row `first_row`. What
/// `transposed_` says does not count.
struct skein_product {
  const float *_Nonnull a;
  long a_row;
  bool transposed_a;
  /// Whether `a` lies in panels. The product takes its columns `a_column` to `a_column` + m, out of
  /// `a_columns`.
  bool packed_a;
  long a_column, a_columns;
  const float *_Nonnull b;
  long b_row;
  bool transposed_b;
  /// Whether `b` lies in panels; it begins with the first one, and has n columns.
  bool packed_b;
  long first_row;
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

/// The numbers of one step of Adam, the same for all parameters:
///
///     g' = g + decay · p
///     m  = m + (g' − m) · mean_share
///     v  = square_rest · v + square_share · g' · g'
///     p  = p · shrink − rate · (m / (√v · root_scale + epsilon))
struct skein_adam {
  float mean_share, square_rest, square_share, root_scale, epsilon, rate, decay, shrink;
};

/// The loops that a training step spends its time in, compiled for one set of vector instructions.
///
/// In C because Swift compiles a module for one processor: a portable package is one for SSE2,
/// which gives a quarter of what the cores can do. C compiles each function for the instructions
/// that it names, and `skein_kernels` finds out at run time which of them the processor has.
/// Measured in SkeinKernels' ParameterLoops.swift and WeightPanels.swift, beside their use.
///
/// All are plain loops on memory that the caller has checked. None allocates, none keeps state.
struct skein_kernels {
  /// "AVX-512", "AVX2", "NEON" or "baseline".
  const char *_Nonnull name;

  /// Each element of c is one chain of fused multiply-adds over k, from the first to the last,
  /// begun with the start: its bits depend on neither m nor n, so any part of a product has the
  /// bits of the whole.
  void (*_Nonnull product)(const struct skein_product *_Nonnull p);

  /// How many columns of b a panel has at most.
  long panel_columns;
  /// Copies a rectangle of a matrix w without gaps, whose rows have w_row elements. Its first
  /// element is at `w` and is (`row`, `column`) of all of it, to its places in panels. Element (j,
  /// l) goes to j / P · P · w_row + l · Q + j % P of `forward`, where a product with wᵀ reads it,
  /// and to l / P · P · all_rows + j · Q + l % P of `backward`, where a product with w reads it;
  /// nowhere where one of them is null. P is panel_columns, and Q too, but in the last panel: there
  /// it is as many columns as are left, in whole vectors.
  void (*_Nonnull pack)(
      const float *_Nonnull w, long w_row, long row, long rows, long column, long columns,
      long all_rows, float *_Nullable forward, float *_Nullable backward);

  /// sums[i] = factor · Σ over s of sums[s · stride + i], for i < count, neighbours first: (sum 0 +
  /// sum 1) + (sum 2 + sum 3) …, one without a neighbour as it is. The other sums may be
  /// overwritten.
  void (*_Nonnull reduce)(
      float *_Nonnull sums, long stride, long sum_count, float factor, long count);
  /// Σ x² in Double, whose squares are exact: number i goes to sum i % 16; then sum i and
  /// sum i + 8 are added, and so on with 4, 2 and 1.
  double (*_Nonnull sum_of_squares)(const float *_Nonnull x, long count);
  /// p −= rate · (g + decay · p) for a rectangle of p, whose rows begin p_row apart; g has no gaps.
  /// Returns whether every new p is finite.
  bool (*_Nonnull sgd)(
      float *_Nonnull p, long p_row, const float *_Nonnull g, float rate, float decay, long rows,
      long columns);
  /// v = momentum · v + (g + decay · p); p −= rate · v, v standing as p does. Returns likewise.
  bool (*_Nonnull sgd_momentum)(
      float *_Nonnull p, float *_Nonnull v, long p_row, const float *_Nonnull g, float rate,
      float momentum, float decay, long rows, long columns);

  /// v = momentum · v + (g + decay · p); p −= rate · ((g + decay · p) + momentum · v): Nesterov's.
  bool (*_Nonnull sgd_nesterov)(
      float *_Nonnull p, float *_Nonnull v, long p_row, const float *_Nonnull g, float rate,
      float momentum, float decay, long rows, long columns);
  /// Adam's step, as `skein_adam` has it, for a rectangle of p; m and v stand as p does. Returns
  /// whether every new p and v is finite.
  bool (*_Nonnull adam)(
      float *_Nonnull p, float *_Nonnull m, float *_Nonnull v, long p_row,
      const float *_Nonnull g, const struct skein_adam *_Nonnull a, long rows, long columns);
  /// mean += (p − mean) · share for a rectangle of p; `mean` stands as p does.
  void (*_Nonnull average)(
      float *_Nonnull mean, const float *_Nonnull p, long p_row, float share, long rows,
      long columns);

  /// target[i · width + j] = x · high + x · low, x = source[rows[i] · width + j], for i < count and
  /// j < width; `source` has `all` rows. Meanwhile asks for the rows `next`, one for each of `rows`,
  /// unless all of the source fits into the second cache anyway; one outside of 0..<all is passed
  /// over.
  void (*_Nonnull convert_rows)(
      const unsigned char *_Nonnull source, long all, long width, const int *_Nonnull rows,
      long count, const int *_Nullable next, long next_count, float *_Nonnull target, float high,
      float low);
  /// gradient[i] = 0 unless output[i] > 0
  void (*_Nonnull mask)(float *_Nonnull gradient, const float *_Nonnull output, long count);
  /// sum[j] = Σ over the rows i of matrix[i · stride + j], from the first row to the last; added to
  /// what stands there where `accumulates`.
  void (*_Nonnull sum_rows)(
      const float *_Nonnull matrix, long stride, long rows, long columns, float *_Nonnull sum,
      bool accumulates);

  /// y[i] = f(x[i]) for i < count, where y may be x. Numerics.md has the formulas and their errors.
  /// `softmax_exp` is for x ≤ 0, `expm1` for x ≤ 88, `log1p` for x ≥ 0.
  void (*_Nonnull exp)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull softmax_exp)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull expm1)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull log)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull log1p)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull tanh)(const float *_Nonnull x, float *_Nonnull y, long count);
  void (*_Nonnull erf)(const float *_Nonnull x, float *_Nonnull y, long count);

  /// For each row of scores x [rows, classes]: its softmax, and loss = ln Σ e^x − x[label], as
  /// Numerics.md has them. The three below return false, and write nothing, where a label is no
  /// class; no array may overlap another one.
  bool (*_Nonnull cross_entropy)(
      const float *_Nonnull x, const int *_Nonnull labels, long rows, long classes,
      float *_Nonnull softmax, float *_Nonnull loss);
  /// dx = softmax · dy, then − dy at the label, for each row with its own dy; added to what stands
  /// in dx where `accumulates`.
  bool (*_Nonnull cross_entropy_gradient)(
      const float *_Nonnull softmax, const int *_Nonnull labels, const float *_Nonnull dy,
      long rows, long classes, float *_Nonnull dx, bool accumulates);
  /// y[i] = 1 where the highest score of row i, the first of equals, is at its label, 0 elsewhere.
  /// A NaN in the first column is highest, another one is not.
  bool (*_Nonnull matches)(
      const float *_Nonnull x, const int *_Nonnull labels, long rows, long classes,
      float *_Nonnull y);
};

/// The sets of instructions, best first: AVX-512, AVX2, NEON, baseline. No processor has all.
enum { skein_kernel_levels = 4 };

/// The kernels of one level, 0 the best; null where the processor lacks the instructions.
const struct skein_kernels *_Nullable skein_kernels(int level);

/// The kernels of the best level that the processor has.
const struct skein_kernels *_Nonnull skein_best_kernels(void);

/// Asks for the cache line at `address`, without waiting for it.
static inline void skein_prefetch(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 3);
}

/// The same, into the second cache only.
static inline void skein_prefetch_far(const void *_Nonnull address) {
  __builtin_prefetch(address, 0, 2);
}
