// Loops over Floats one by one, for one set of instructions. Included by a file for each, after
// Vectors.h. An element's result depends neither on its place nor on the instructions: a multiply
// and an add are never made one, so that all levels give the bits that plain Swift gives.
#pragma STDC FP_CONTRACT OFF

INLINE vector sum_of_2(const float *x, long stride) { return load(x) + load(x + stride); }
INLINE vector sum_of_4(const float *x, long stride) {
  return sum_of_2(x, stride) + sum_of_2(x + 2 * stride, stride);
}
INLINE vector sum_of_8(const float *x, long stride) {
  return sum_of_4(x, stride) + sum_of_4(x + 4 * stride, stride);
}

static void add(float *sum, const float *other, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(sum + i, load(sum + i) + load(other + i));
  for (; i < count; i++) sum[i] += other[i];
}

static void scale(float *x, float factor, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(x + i, load(x + i) * factor);
  for (; i < count; i++) x[i] *= factor;
}

static void reduce(float *sums, long stride, long sum_count, float factor, long count) {
  long i = 0;
  // The usual numbers in one pass.
  if (sum_count == 2) {
    for (; i + LANES <= count; i += LANES) store(sums + i, sum_of_2(sums + i, stride) * factor);
  } else if (sum_count == 4) {
    for (; i + LANES <= count; i += LANES) store(sums + i, sum_of_4(sums + i, stride) * factor);
  } else if (sum_count == 8) {
    for (; i + LANES <= count; i += LANES) store(sums + i, sum_of_8(sums + i, stride) * factor);
  }
  for (long distance = 1; distance < sum_count; distance *= 2) {
    for (long at = 0; at + distance < sum_count; at += 2 * distance) {
      add(sums + at * stride + i, sums + (at + distance) * stride + i, count - i);
    }
  }
  scale(sums + i, factor, count - i);
}

/// Whether sums of products x · 0 say that all x were finite: a NaN in them stays.
INLINE bool is_zero(vector check, float last) {
  return __builtin_reduce_and(check == 0) != 0 && last == 0;
}

static bool sgd(
    float *p, long p_row, const float *g, float rate, float decay, long rows, long columns) {
  vector check = splat(0);
  float last = 0;
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) {
      vector old = load(p + i);
      vector new = old - rate * (load(g + i) + decay * old);
      check += new * 0;
      store(p + i, new);
    }
    for (; i < columns; i++) {
      p[i] -= rate * (g[i] + decay * p[i]);
      last += p[i] * 0;
    }
    p += p_row;
    g += columns;
  }
  return is_zero(check, last);
}

static bool sgd_momentum(
    float *p, float *v, long p_row, const float *g, float rate, float momentum, float decay,
    long rows, long columns) {
  vector check = splat(0);
  float last = 0;
  for (long row = 0; row < rows; row++) {
    long i = 0;
    for (; i + LANES <= columns; i += LANES) {
      vector old = load(p + i);
      vector direction = momentum * load(v + i) + (load(g + i) + decay * old);
      vector new = old - rate * direction;
      check += new * 0;
      store(v + i, direction);
      store(p + i, new);
    }
    for (; i < columns; i++) {
      v[i] = momentum * v[i] + (g[i] + decay * p[i]);
      p[i] -= rate * v[i];
      last += p[i] * 0;
    }
    p += p_row;
    v += p_row;
    g += columns;
  }
  return is_zero(check, last);
}

static void convert_bytes(
    const unsigned char *source, float *target, long count, float high, float low) {
  typedef unsigned char bytes __attribute__((vector_size(LANES), aligned(1)));
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector x = __builtin_convertvector(*(const bytes *)(source + i), vector);
    store(target + i, x * high + x * low);
  }
  for (; i < count; i++) {
    float x = source[i];
    target[i] = x * high + x * low;
  }
}

static void mask(float *gradient, const float *output, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(gradient + i, keep(load(gradient + i), load(output + i) > 0));
  }
  for (; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] : 0;
}

static void sum_rows(
    const float *matrix, long stride, long rows, long columns, float *sum, bool accumulates) {
  long j = 0;
  for (; j + LANES <= columns; j += LANES) {
    vector total = accumulates ? load(sum + j) : splat(0);
    for (long i = 0; i < rows; i++) total += load(matrix + i * stride + j);
    store(sum + j, total);
  }
  for (; j < columns; j++) {
    float total = accumulates ? sum[j] : 0;
    for (long i = 0; i < rows; i++) total += matrix[i * stride + j];
    sum[j] = total;
  }
}
