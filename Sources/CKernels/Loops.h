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
  if (i == count) return;
  const int rest = (int)(count - i);
  store_some(sum + i, load_some(sum + i, rest) + load_some(other + i, rest), rest);
}

static void scale(float *x, float factor, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(x + i, load(x + i) * factor);
  if (i == count) return;
  const int rest = (int)(count - i);
  store_some(x + i, load_some(x + i, rest) * factor, rest);
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

/// Asks for `count` bytes, line by line.
INLINE void prefetch(const unsigned char *bytes, long count) {
  for (long i = 0; i < count + 63; i += 64) skein_prefetch(bytes + i);
}

static void convert_rows(
    const unsigned char *source, long all, long width, const int *rows, long count,
    const int *next, long next_count, float *target, float high, float low) {
  typedef unsigned char bytes __attribute__((vector_size(LANES), aligned(1)));
  enum { near_bytes = 1 << 18 };
  if (all * width <= near_bytes) next_count = 0;
  for (long i = 0; i < count; i++) {
    if (i < next_count && next[i] >= 0 && next[i] < all) prefetch(source + next[i] * width, width);
    const unsigned char *from = source + rows[i] * width;
    float *to = target + i * width;
    // A row's last vector may reach into the next rows: what it writes there is overwritten by
    // theirs.
    const long source_left = (all - rows[i]) * width, target_left = (count - i) * width;
    long room = source_left < target_left ? source_left : target_left;
    room = room - LANES < width - 1 ? room - LANES : width - 1;
    long j = 0;
    for (; j <= room; j += LANES) {
      vector x = __builtin_convertvector(*(const bytes *)(from + j), vector);
      store(to + j, x * high + x * low);
    }
    for (; j < width; j++) {
      float x = from[j];
      to[j] = x * high + x * low;
    }
  }
}

static void mask(float *gradient, const float *output, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(gradient + i, keep(load(gradient + i), load(output + i) > 0));
  }
  for (; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] : 0;
}

/// The sums of `vectors` vectors of columns, of which the last one has `last` lanes.
INLINE void sum_columns(
    const float *matrix, long stride, long rows, float *sum, bool accumulates, const int vectors,
    const int last) {
  vector totals[4];
  UNROLLED for (int v = 0; v < vectors; v++) {
    const int count = v == vectors - 1 ? last : LANES;
    totals[v] = accumulates ? load_some(sum + v * LANES, count) : splat(0);
  }
  for (long i = 0; i < rows; i++) {
    UNROLLED for (int v = 0; v < vectors; v++) {
      totals[v] += load_some(matrix + i * stride + v * LANES, v == vectors - 1 ? last : LANES);
    }
  }
  UNROLLED for (int v = 0; v < vectors; v++) {
    store_some(sum + v * LANES, totals[v], v == vectors - 1 ? last : LANES);
  }
}

static void sum_rows(
    const float *matrix, long stride, long rows, long columns, float *sum, bool accumulates) {
  long j = 0;
  for (; j + 4 * LANES <= columns; j += 4 * LANES) {
    sum_columns(matrix + j, stride, rows, sum + j, accumulates, 4, LANES);
  }
  for (; j + LANES <= columns; j += LANES) {
    sum_columns(matrix + j, stride, rows, sum + j, accumulates, 1, LANES);
  }
  if (j == columns) return;
  sum_columns(matrix + j, stride, rows, sum + j, accumulates, 1, (int)(columns - j));
}
