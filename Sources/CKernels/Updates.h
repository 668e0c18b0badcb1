// What a step does to a block of parameters, for one set of instructions: optimizers, the average of
// weights, and the sum of squares that a gradient's norm is made of. Included by a file for each,
// after Vectors.h. Every element is computed by itself, operation by operation: its bits depend
// neither on its place nor on the instructions.
#pragma STDC FP_CONTRACT OFF

/// Whether a sum of products x · 0 says that all x were finite: a NaN in it stays.
INLINE bool is_zero(vector check) { return __builtin_reduce_and(check == 0) != 0; }

/// `count` lanes of p − rate · (g + decay · p), which it returns and writes.
INLINE vector descend(float *p, const float *g, float rate, float decay, const int count) {
  const vector old = load_some(p, count);
  const vector new = old - rate * (load_some(g, count) + decay * old);
  store_some(p, new, count);
  return new;
}

static bool sgd(
    float *p, long p_row, const float *g, float rate, float decay, long rows, long columns) {
  // Rows without gaps are one.
  if (p_row == columns) columns *= rows, rows = 1;
  vector check = splat(0);
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) {
      check += descend(p + i, g + i, rate, decay, LANES) * 0;
    }
    if (i < columns) check += descend(p + i, g + i, rate, decay, (int)(columns - i)) * 0;
    p += p_row;
    g += columns;
  }
  return is_zero(check);
}

/// The same with v = momentum · v + (g + decay · p) in the place of g + decay · p; Nesterov's step
/// goes along (g + decay · p) + momentum · v.
INLINE vector descend_with_momentum(
    float *p, float *v, const float *g, float rate, float momentum, float decay,
    const bool is_nesterov, const int count) {
  const vector old = load_some(p, count);
  const vector slope = load_some(g, count) + decay * old;
  const vector velocity = momentum * load_some(v, count) + slope;
  const vector new = old - rate * (is_nesterov ? slope + momentum * velocity : velocity);
  store_some(v, velocity, count);
  store_some(p, new, count);
  return new;
}

INLINE bool sgd_with_momentum(
    float *p, float *v, long p_row, const float *g, float rate, float momentum, float decay,
    long rows, long columns, const bool is_nesterov) {
  if (p_row == columns) columns *= rows, rows = 1;
  vector check = splat(0);
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) {
      check +=
          descend_with_momentum(p + i, v + i, g + i, rate, momentum, decay, is_nesterov, LANES) * 0;
    }
    if (i < columns) {
      const int rest = (int)(columns - i);
      check +=
          descend_with_momentum(p + i, v + i, g + i, rate, momentum, decay, is_nesterov, rest) * 0;
    }
    p += p_row;
    v += p_row;
    g += columns;
  }
  return is_zero(check);
}

static bool sgd_momentum(
    float *p, float *v, long p_row, const float *g, float rate, float momentum, float decay,
    long rows, long columns) {
  return sgd_with_momentum(p, v, p_row, g, rate, momentum, decay, rows, columns, false);
}

static bool sgd_nesterov(
    float *p, float *v, long p_row, const float *g, float rate, float momentum, float decay,
    long rows, long columns) {
  return sgd_with_momentum(p, v, p_row, g, rate, momentum, decay, rows, columns, true);
}

/// `count` lanes of Adam's step. Returns what is 0 where the new p and v are finite, else NaN. An
/// infinite v must be seen: it makes the step 0, and p would stand still for ever.
INLINE vector adapt(
    float *p, float *m, float *v, const float *g, const struct skein_adam *a, const int count) {
  const vector old = load_some(p, count);
  const vector slope = load_some(g, count) + a->decay * old;
  const vector mean = load_some(m, count);
  const vector new_mean = mean + (slope - mean) * a->mean_share;
  const vector squares = a->square_rest * load_some(v, count) + a->square_share * slope * slope;
  const vector root = __builtin_elementwise_sqrt(squares) * a->root_scale + a->epsilon;
  const vector new = old * a->shrink - a->rate * (new_mean / root);
  store_some(m, new_mean, count);
  store_some(v, squares, count);
  store_some(p, new, count);
  return new * 0 + squares * 0;
}

static bool adam(
    float *p, float *m, float *v, long p_row, const float *g, const struct skein_adam *a,
    long rows, long columns) {
  if (p_row == columns) columns *= rows, rows = 1;
  vector check = splat(0);
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) check += adapt(p + i, m + i, v + i, g + i, a, LANES);
    if (i < columns) check += adapt(p + i, m + i, v + i, g + i, a, (int)(columns - i));
    p += p_row;
    m += p_row;
    v += p_row;
    g += columns;
  }
  return is_zero(check);
}

INLINE void approach(float *average, const float *p, float share, const int count) {
  const vector old = load_some(average, count);
  store_some(average, old + (load_some(p, count) - old) * share, count);
}

static void average(
    float *mean, const float *p, long p_row, float share, long rows, long columns) {
  if (p_row == columns) columns *= rows, rows = 1;
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) approach(mean + i, p + i, share, LANES);
    if (i < columns) approach(mean + i, p + i, share, (int)(columns - i));
    mean += p_row;
    p += p_row;
  }
}

static double sum_of_squares(const float *x, long count) {
  // 16 sums at every level, whatever its vectors hold.
  typedef float floats __attribute__((vector_size(64), aligned(4)));
  typedef double sums __attribute__((vector_size(128)));
  typedef double eight __attribute__((vector_size(64)));
  typedef double four __attribute__((vector_size(32)));
  sums all = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    const sums part = __builtin_convertvector(*(const floats *)(x + i), sums);
    all += part * part;
  }
  for (int lane = 0; i < count; i++, lane++) all[lane] += (double)x[i] * (double)x[i];
  const eight of_8 = __builtin_shufflevector(all, all, 0, 1, 2, 3, 4, 5, 6, 7) +
                     __builtin_shufflevector(all, all, 8, 9, 10, 11, 12, 13, 14, 15);
  const four of_4 = __builtin_shufflevector(of_8, of_8, 0, 1, 2, 3) +
                    __builtin_shufflevector(of_8, of_8, 4, 5, 6, 7);
  return (of_4[0] + of_4[2]) + (of_4[1] + of_4[3]);
}
