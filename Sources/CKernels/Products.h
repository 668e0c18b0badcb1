// Matrix products for one set of instructions. Included by a file for each, which defines
//   LANES, vector                    Floats in a vector, and its type
//   load_some, store_some            of a vector's first lanes only
//   sum4                             the sums of four vectors' lanes
//   ROWS, VECTORS                    of a tile of `outer`: BLIS' MR, and its NR in vectors
//   COLUMNS                          of a tile of `dot`: NR
//
// No operand is copied but for small transposed ones: those of a training step are at most a few
// MiB, and in a cache anyway. What is left is to keep both multiply-add units busy, with 12 to 24
// independent sums in registers, and to load less than one vector for each multiply-add. Source:
// Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008.

// a · b + c becomes one instruction.
#pragma STDC FP_CONTRACT ON

#define UNROLLED _Pragma("clang loop unroll(full)")

/// A product's shape, the same for all of its tiles.
struct shape {
  /// Element (i, l) of a is at a[i · a_row + l · a_column]; row l of b, or row j of a
  /// transposed b, begins at b[l · b_row] or b[j · b_row].
  long a_row, a_column, b_row, c_row;
  /// Where the sums begin: element (i, j) at start[i · start_row + j].
  long start_row;
  long k;
  bool rectifies;
};

/// start[row, column], or null without a start.
INLINE const float *start_at(const float *start, const struct shape *s, long row, long column) {
  return start ? start + row * s->start_row + column : start;
}

// MARK: Row-major b: c[i, :] = start[i, :] + Σ over l of a(i, l) · b[l, :]

/// One tile of `rows` rows and `vectors` vectors, of which the last one has `last` lanes.
INLINE void outer_tile(
    const struct shape *s, const float *a, const float *b, const float *start, float *c,
    const int last, const int rows, const int vectors) {
  const long a_row = s->a_row, a_column = s->a_column, b_row = s->b_row, c_row = s->c_row;
  vector sums[ROWS][VECTORS];
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = splat(0);
  }
  if (start) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int j = 0; j < vectors; j++) {
        const float *from = start + i * s->start_row + j * LANES;
        sums[i][j] = load_some(from, j == vectors - 1 ? last : LANES);
      }
    }
  }
  for (long l = s->k; l > 0; l--) {
    vector y[VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) {
      y[j] = load_some(b + j * LANES, j == vectors - 1 ? last : LANES);
    }
    UNROLLED for (int i = 0; i < rows; i++) {
      vector x = splat(a[i * a_row]);
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] += x * y[j];
    }
    a += a_column;
    b += b_row;
  }
  if (s->rectifies) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = positive(sums[i][j]);
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      store_some(c + i * c_row + j * LANES, sums[i][j], j == vectors - 1 ? last : LANES);
    }
  }
}

// A tile's sums are registers only where its size is a constant: a function for each size, one for
// vectors that are all whole and one for a last vector that is not.
#define OUTER(R, V)                                                                          \
  static void outer_##R##_##V(                                                               \
      const struct shape *s, const float *a, const float *b, const float *start, float *c,   \
      int last) {                                                                            \
    if (last == LANES) outer_tile(s, a, b, start, c, LANES, R, V);                           \
    else outer_tile(s, a, b, start, c, last, R, V);                                          \
  }
OUTER(1, 1) OUTER(2, 1) OUTER(4, 1) OUTER(ROWS, 1)
OUTER(1, 2) OUTER(2, 2) OUTER(4, 2) OUTER(ROWS, 2)
#if VECTORS == 3
OUTER(1, 3) OUTER(2, 3) OUTER(4, 3) OUTER(ROWS, 3)
#endif

/// By vectors and rows.
static void (*const outer_tiles[VECTORS][4])(
    const struct shape *, const float *a, const float *b, const float *start, float *c,
    int last) = {
#define NAMES(V) {outer_1_##V, outer_2_##V, outer_4_##V, outer_ROWS_##V}
  NAMES(1), NAMES(2),
#if VECTORS == 3
  NAMES(3),
#endif
};
static const long outer_rows[4] = {1, 2, 4, ROWS};

/// The product for all of m × n. In blocks of k, of BLIS' KC: what a tile reads of b then stays in
/// the inner caches until the next tile reads it. Later blocks go on from c, so a chain is one
/// chain.
static void outer(
    const struct shape *whole, const float *a, const float *b, const float *start, float *c,
    long m, long n) {
  const long kc = 256;
  struct shape s = *whole;
  long rest = whole->k;
  do {
    s.k = rest < kc ? rest : kc;
    rest -= s.k;
    s.rectifies = whole->rectifies && rest == 0;
    for (long column = 0; column < n; column += VECTORS * LANES) {
      long width = n - column < VECTORS * LANES ? n - column : VECTORS * LANES;
      long vectors = (width + LANES - 1) / LANES;
      int last = (int)(width - (vectors - 1) * LANES);
      int size = 3;
      for (long row = 0; row < m; row += outer_rows[size]) {
        while (row + outer_rows[size] > m) size--;
        outer_tiles[vectors - 1][size](
            &s, a + row * s.a_row, b + column, start_at(start, &s, row, column),
            c + row * s.c_row + column, last);
      }
    }
    a += s.k * s.a_column;
    b += s.k * s.b_row;
    start = c;
    s.start_row = s.c_row;
  } while (rest > 0);
}

// MARK: Transposed b, k large: c[i, j] = start[i, j] + Σ over l of a[i, l] · b[j, l]

/// Rows of a tile of `dot`: MR.
#define DOT_ROWS 3

/// One tile of `rows` rows and `columns` columns; both operands are read along k.
INLINE void dot_tile(
    const struct shape *s, const float *a, const float *b, const float *start, float *c,
    const float *ahead, const int rows, const int columns) {
  const long k = s->k, a_row = s->a_row, b_row = s->b_row;
  vector sums[DOT_ROWS][COLUMNS];
  UNROLLED for (int i = 0; i < DOT_ROWS; i++) {
    UNROLLED for (int j = 0; j < COLUMNS; j++) sums[i][j] = splat(0);
  }
  long l = 0;
  for (; l + LANES <= k; l += LANES) {
    vector x[DOT_ROWS];
    UNROLLED for (int i = 0; i < rows; i++) x[i] = load(a + i * a_row + l);
    UNROLLED for (int j = 0; j < columns; j++) {
      vector y = load(b + j * b_row + l);
      UNROLLED for (int i = 0; i < rows; i++) sums[i][j] += x[i] * y;
    }
    __builtin_prefetch(ahead + l);
  }
  if (l < k) {
    vector x[DOT_ROWS];
    UNROLLED for (int i = 0; i < rows; i++) x[i] = load_some(a + i * a_row + l, (int)(k - l));
    UNROLLED for (int j = 0; j < columns; j++) {
      vector y = load_some(b + j * b_row + l, (int)(k - l));
      UNROLLED for (int i = 0; i < rows; i++) sums[i][j] += x[i] * y;
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < columns; j += 4) {
      const int count = columns - j < 4 ? columns - j : 4;
      quad sum = sum4(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]);
      if (start) sum += load4_some(start + i * s->start_row + j, count);
      if (s->rectifies) sum = positive4(sum);
      store4_some(c + i * s->c_row + j, sum, count);
    }
  }
}

#define DOT(R, C)                                                                            \
  static void dot_##R##_##C(                                                                 \
      const struct shape *s, const float *a, const float *b, const float *start, float *c,   \
      const float *ahead) {                                                                  \
    dot_tile(s, a, b, start, c, ahead, R, C);                                                \
  }
DOT(1, 1) DOT(2, 1) DOT(3, 1)
DOT(1, 2) DOT(2, 2) DOT(3, 2)
DOT(1, 4) DOT(2, 4) DOT(3, 4)
#if COLUMNS == 8
DOT(1, 8) DOT(2, 8) DOT(3, 8)
#endif

/// By columns and rows.
static void (*const dot_tiles[][DOT_ROWS])(
    const struct shape *, const float *a, const float *b, const float *start, float *c,
    const float *ahead) = {
    {dot_1_1, dot_2_1, dot_3_1},
    {dot_1_2, dot_2_2, dot_3_2},
    {dot_1_4, dot_2_4, dot_3_4},
#if COLUMNS == 8
    {dot_1_8, dot_2_8, dot_3_8},
#endif
};

/// The product for all of m × n, in blocks of k, as `outer`.
static void dot(
    const struct shape *whole, const float *a, const float *b, const float *start, float *c,
    long m, long n) {
  const long kc = 1024;
  struct shape s = *whole;
  long rest = whole->k;
  do {
    s.k = rest < kc ? rest : kc;
    rest -= s.k;
    s.rectifies = whole->rectifies && rest == 0;
    int size = COLUMNS == 8 ? 3 : 2;
    for (long column = 0; column < n; column += 1 << size) {
      while (column + (1 << size) > n) size--;
      // While rows of a pass by, the next columns' rows of b come nearer, one with each tile.
      const float *ahead = b + (column + (1 << size)) * s.b_row;
      for (long row = 0; row < m;) {
        // Four rows that are left are two and two: a tile of one row waits for its loads.
        long rows = m - row == 4 ? 2 : m - row < DOT_ROWS ? m - row : DOT_ROWS;
        dot_tiles[size][rows - 1](
            &s, a + row * s.a_row, b + column * s.b_row, start_at(start, &s, row, column),
            c + row * s.c_row + column, ahead);
        if (ahead + s.b_row < b + n * s.b_row) ahead += s.b_row;
        row += rows;
      }
    }
    a += s.k;
    b += s.k;
    start = c;
    s.start_row = s.c_row;
  } while (rest > 0);
}

// MARK: Transposed b, k small: as `outer`, on a transposed copy of a few columns of b

/// From this k on, adding up a vector's lanes at the end costs less than transposing b.
enum { least_dot = 64 };

/// target[l · width + j] = b[j · b_row + l], for j < columns and l < k.
static void transpose(
    const float *b, long b_row, long k, long columns, float *target, long width) {
  long j = 0;
  for (; j + 4 <= columns; j += 4) {
    const float *row = b + j * b_row;
    long l = 0;
    for (; l + 4 <= k; l += 4) {
      quad w = load4(row + l), x = load4(row + b_row + l);
      quad y = load4(row + 2 * b_row + l), z = load4(row + 3 * b_row + l);
      quad wx = __builtin_shufflevector(w, x, 0, 4, 1, 5);
      quad yz = __builtin_shufflevector(y, z, 0, 4, 1, 5);
      store4(target + l * width + j, __builtin_shufflevector(wx, yz, 0, 1, 4, 5));
      store4(target + (l + 1) * width + j, __builtin_shufflevector(wx, yz, 2, 3, 6, 7));
      wx = __builtin_shufflevector(w, x, 2, 6, 3, 7);
      yz = __builtin_shufflevector(y, z, 2, 6, 3, 7);
      store4(target + (l + 2) * width + j, __builtin_shufflevector(wx, yz, 0, 1, 4, 5));
      store4(target + (l + 3) * width + j, __builtin_shufflevector(wx, yz, 2, 3, 6, 7));
    }
    for (; l < k; l++) {
      for (long i = 0; i < 4; i++) target[l * width + j + i] = row[i * b_row + l];
    }
  }
  for (; j < columns; j++) {
    for (long l = 0; l < k; l++) target[l * width + j] = b[j * b_row + l];
  }
}

static void outer_transposed(
    const struct shape *s, const float *a, const float *b, const float *start, float *c, long m,
    long n) {
  const long width = VECTORS * LANES;
  float copy[least_dot * VECTORS * LANES];
  struct shape part = *s;
  part.b_row = width;
  for (long column = 0; column < n; column += width) {
    long columns = n - column < width ? n - column : width;
    transpose(b + column * s->b_row, s->b_row, s->k, columns, copy, width);
    outer(&part, a, copy, start_at(start, s, 0, column), c + column, m, columns);
  }
}

static void product(const struct skein_product *p) {
  struct shape s = {
      .a_row = p->transposed_a ? 1 : p->a_row, .a_column = p->transposed_a ? p->a_row : 1,
      .b_row = p->b_row, .c_row = p->c_row, .start_row = p->start_row, .k = p->k,
      .rectifies = p->rectifies};
  if (!p->transposed_b) outer(&s, p->a, p->b, p->start, p->c, p->m, p->n);
  else if (p->k >= least_dot) dot(&s, p->a, p->b, p->start, p->c, p->m, p->n);
  else outer_transposed(&s, p->a, p->b, p->start, p->c, p->m, p->n);
}
