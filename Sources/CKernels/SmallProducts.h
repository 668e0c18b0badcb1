// Products that are so small that most of their time would go by around the multiply-adds. Included
// by a file for each set of instructions, after Products.h, whose tiles they use.

enum {
  /// The most rows of c and terms of a sum.
  small_rows = 64,
  small_depth = 64,
};

INLINE long vectors_of(long columns) { return (columns + LANES - 1) / LANES; }

#if LANES == 16
/// Half a vector: c with up to 8 columns takes half the time in these.
typedef float half __attribute__((vector_size(32), aligned(4)));
enum { half_lanes = 8 };

INLINE half load_half(const float *p, int count) {
  return (half)_mm256_maskz_loadu_ps((__mmask8)((1u << count) - 1), p);
}

/// One tile of `rows` rows and `columns` ≤ 8 columns. Each row of b has 8 elements.
INLINE void half_tile(
    const struct shape *s, const float *a, const float *b, const float *start, float *c,
    int columns, const int rows) {
  half sums[ROWS];
  UNROLLED for (int i = 0; i < rows; i++) {
    sums[i] = start ? load_half(start + i * s->start_row, columns) : (half){0};
  }
  for (long l = 0; l < s->k; l++) {
    const half y = *(const half *)(b + l * half_lanes);
    UNROLLED for (int i = 0; i < rows; i++) {
      const __m256 x = _mm256_set1_ps(a[i * s->a_row + l * s->a_column]);
      sums[i] = (half)_mm256_fmadd_ps(x, (__m256)y, (__m256)sums[i]);
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    if (s->rectifies) {
      // As `positive`.
      const __m256 sum = (__m256)sums[i], zero = _mm256_setzero_ps();
      sums[i] = (half)_mm256_maskz_mov_ps(_mm256_cmp_ps_mask(sum, zero, _CMP_NLT_UQ), sum);
    }
    _mm256_mask_storeu_ps(c + i * s->c_row, (__mmask8)((1u << columns) - 1), (__m256)sums[i]);
  }
}

static void half_rows(
    const struct shape *s, const float *a, const float *b, const float *start, float *c, long m,
    int columns) {
  for (long row = 0, size; row < m; row += size) {
    const float *x = a + row * s->a_row, *begin = start_at(start, s, row, 0);
    float *result = c + row * s->c_row;
    if (m - row >= 8) half_tile(s, x, b, begin, result, columns, 8), size = 8;
    else if (m - row >= 4) half_tile(s, x, b, begin, result, columns, 4), size = 4;
    else half_tile(s, x, b, begin, result, columns, 1), size = 1;
  }
}
#endif

/// Whether cᵀ would take so much fewer vectors than c that turning the result round is worth it.
INLINE bool is_better_turned(const struct skein_product *p) {
  return p->transposed_a && !p->transposed_b && !p->start && p->m <= tile_columns &&
         5 * vectors_of(p->m) * p->n < 4 * vectors_of(p->n) * p->m;
}

static void small_product(const struct skein_product *p) {
  float panel[small_depth * tile_columns] __attribute__((aligned(64)));
  struct shape s = {.k = p->k, .rectifies = p->rectifies};
  if (is_better_turned(p)) {
    // cᵀ = bᵀ · a, whose operands stand as its tiles want them.
    s.a_row = 1, s.a_column = p->b_row, s.b_row = p->a_row;
    s.c_row = vectors_of(p->m) * LANES;
    outer_rows(&s, p->b, p->a, 0, panel, p->n, p->m);
    transpose(panel, s.c_row, p->m, p->n, p->c, p->c_row);
    return;
  }
  s.a_row = p->transposed_a ? 1 : p->a_row, s.a_column = p->transposed_a ? p->a_row : 1;
  s.c_row = p->c_row, s.start_row = p->start_row;
#if LANES == 16
  if (p->n <= half_lanes) {
    memset(panel, 0, sizeof *panel * half_lanes * (unsigned long)p->k);
    if (p->transposed_b) transpose(p->b, p->b_row, p->k, p->n, panel, half_lanes);
    else copy_rows(p->b, p->b_row, p->k, p->n, panel, half_lanes);
    half_rows(&s, p->a, panel, p->start, p->c, p->m, (int)p->n);
    return;
  }
#endif
  const float *b = p->b;
  s.b_row = p->b_row;
  if (p->transposed_b) {
    s.b_row = vectors_of(p->n) * LANES;
    transpose(b, p->b_row, p->k, p->n, panel, s.b_row);
    b = panel;
  }
  outer_rows(&s, p->a, b, p->start, p->c, p->m, p->n);
}

static void any_product(const struct skein_product *p) {
  const bool is_small = p->m <= small_rows && p->n > 0 && p->n <= tile_columns &&
                        p->k <= small_depth && !p->packed_a && !p->packed_b;
  if (is_small) small_product(p);
  else product(p);
}
