// Copies of matrices for products, turned round or as they are, for one set of instructions. Included
// by Products.h.

#if LANES == 16
/// target[l · width + j] = b[j · b_row + l], for j < 16 and l < `count` ≤ 16.
INLINE void transpose16(const float *b, long b_row, float *target, long width, const int count) {
  vector r[16], x[16];
  UNROLLED for (int i = 0; i < 16; i++) r[i] = load_some(b + i * b_row, count);
  // Pairs of rows, then of pairs, within each quarter; then quarters change places.
  UNROLLED for (int i = 0; i < 16; i += 2) {
    x[i] = __builtin_shufflevector(
        r[i], r[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    x[i + 1] = __builtin_shufflevector(
        r[i], r[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
  UNROLLED for (int i = 0; i < 16; i += 4) {
    UNROLLED for (int h = 0; h < 2; h++) {
      r[i + 2 * h] = __builtin_shufflevector(
          x[i + h], x[i + 2 + h], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      r[i + 2 * h + 1] = __builtin_shufflevector(
          x[i + h], x[i + 2 + h], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  }
#define QUARTERS(A, B, W, X, Y, Z)                                                               \
  __builtin_shufflevector(                                                                       \
      A, B, 4 * W, 4 * W + 1, 4 * W + 2, 4 * W + 3, 4 * X, 4 * X + 1, 4 * X + 2, 4 * X + 3,      \
      4 * Y, 4 * Y + 1, 4 * Y + 2, 4 * Y + 3, 4 * Z, 4 * Z + 1, 4 * Z + 2, 4 * Z + 3)
  UNROLLED for (int i = 0; i < 4; i++) {
    vector even = QUARTERS(r[i], r[4 + i], 0, 2, 4, 6), odd = QUARTERS(r[i], r[4 + i], 1, 3, 5, 7);
    vector even2 = QUARTERS(r[8 + i], r[12 + i], 0, 2, 4, 6);
    vector odd2 = QUARTERS(r[8 + i], r[12 + i], 1, 3, 5, 7);
    x[i] = QUARTERS(even, even2, 0, 2, 4, 6);
    x[8 + i] = QUARTERS(even, even2, 1, 3, 5, 7);
    x[4 + i] = QUARTERS(odd, odd2, 0, 2, 4, 6);
    x[12 + i] = QUARTERS(odd, odd2, 1, 3, 5, 7);
  }
#undef QUARTERS
  UNROLLED for (int l = 0; l < 16; l++) {
    if (l < count) store(target + l * width, x[l]);
  }
}
#endif

/// target[l · width + j] = b[j · b_row + l], for j < columns and l < k.
static void transpose(
    const float *b, long b_row, long k, long columns, float *target, long width) {
  long j = 0;
#if LANES == 16
  for (; j + 16 <= columns; j += 16) {
    long l = 0;
    for (; l + 16 <= k; l += 16) {
      transpose16(b + j * b_row + l, b_row, target + l * width + j, width, 16);
    }
    if (l < k) {
      transpose16(b + j * b_row + l, b_row, target + l * width + j, width, (int)(k - l));
    }
  }
#endif
  for (; j + 4 <= columns; j += 4) {
    const float *row = b + j * b_row;
    long l = 0;
    for (; l + 4 <= k; l += 4) {
      quad w = load4(row + l), x = load4(row + b_row + l);
      quad y = load4(row + 2 * b_row + l), z = load4(row + 3 * b_row + l);
      turn(&w, &x, &y, &z);
      store4(target + l * width + j, w);
      store4(target + (l + 1) * width + j, x);
      store4(target + (l + 2) * width + j, y);
      store4(target + (l + 3) * width + j, z);
    }
    for (; l < k; l++) {
      for (long i = 0; i < 4; i++) target[l * width + j + i] = row[i * b_row + l];
    }
  }
  for (; j < columns; j++) {
    for (long l = 0; l < k; l++) target[l * width + j] = b[j * b_row + l];
  }
}

/// target[l · width + j] = b[l · b_row + j], for j < columns and l < k.
static void copy_rows(
    const float *b, long b_row, long k, long columns, float *target, long width) {
  for (long l = 0; l < k; l++) {
    long j = 0;
    for (; j + LANES <= columns; j += LANES) store(target + l * width + j, load(b + l * b_row + j));
    for (; j < columns; j++) target[l * width + j] = b[l * b_row + j];
  }
}
