// Products of operands rounded to bfloat16, for one set of vector instructions. Included by a file
// for each, after BFloat16Rounding.h. It defines
//   PAIR_ROWS, PAIR_VECTORS   of a tile: its rows, and its columns in vectors
//
// The tiles are those of Products.h, over words of two numbers: half the steps along k, and half
// the memory.

enum {
  pair_rows = PAIR_ROWS,
  pair_columns = PAIR_VECTORS * LANES,
  /// Words along k of one pass over the tiles: a panel's part of it stays in the second cache.
  pair_depth = 1024,
  /// Rows of a that one pass takes.
  pair_block = 64,
};

#include "BFloat16Packing.h"

/// What is the same for all tiles of a pass.
struct pair_shape {
  long start_row, c_row, slots;
  bool rectifies;
};

/// One tile of `rows` rows and `vectors` vectors, of which the last one has `last` lanes.
INLINE void pair_tile(
    const struct pair_shape *s, const unsigned *a, const unsigned *b, const float *start, float *c,
    const int last, const int rows, const int vectors) {
  vector sums[PAIR_ROWS][PAIR_VECTORS];
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = splat(0);
  }
  if (start) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int j = 0; j < vectors; j++) {
        const float *from = start + i * s->start_row + j * LANES;
        sums[i][j] = flush(load_some(from, j == vectors - 1 ? last : LANES));
      }
    }
  }
  for (long l = s->slots; l > 0; l--) {
    words y[PAIR_VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) y[j] = load_words(b + j * LANES);
    UNROLLED for (int i = 0; i < rows; i++) {
      const words x = a[i] - (words){0};
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = add_pairs(sums[i][j], x, y[j]);
    }
    a += pair_rows;
    b += pair_columns;
  }
  if (s->rectifies) {
    UNROLLED for (int i = 0; i < rows; i++) {
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = positive(sums[i][j]);
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      store_some(c + i * s->c_row + j * LANES, sums[i][j], j == vectors - 1 ? last : LANES);
    }
  }
}

#define PAIRS(R, V)                                                                             \
  static void pairs_##R##_##V(                                                                  \
      const struct pair_shape *s, const unsigned *a, const unsigned *b, const float *start,     \
      float *c, int last) {                                                                     \
    if (last == LANES) pair_tile(s, a, b, start, c, LANES, R, V);                               \
    else pair_tile(s, a, b, start, c, last, R, V);                                              \
  }
PAIRS(1, 1) PAIRS(2, 1) PAIRS(4, 1) PAIRS(PAIR_ROWS, 1)
PAIRS(1, 2) PAIRS(2, 2) PAIRS(4, 2) PAIRS(PAIR_ROWS, 2)
#if PAIR_VECTORS == 3
PAIRS(1, 3) PAIRS(2, 3) PAIRS(4, 3) PAIRS(PAIR_ROWS, 3)
#endif

/// By vectors and rows.
static void (*const pair_tiles[PAIR_VECTORS][4])(
    const struct pair_shape *, const unsigned *a, const unsigned *b, const float *start, float *c,
    int last) = {
    {pairs_1_1, pairs_2_1, pairs_4_1, pairs_PAIR_ROWS_1},
    {pairs_1_2, pairs_2_2, pairs_4_2, pairs_PAIR_ROWS_2},
#if PAIR_VECTORS == 3
    {pairs_1_3, pairs_2_3, pairs_4_3, pairs_PAIR_ROWS_3},
#endif
};
static const long pair_sizes[4] = {1, 2, 4, PAIR_ROWS};

/// `m` rows of a from the tiles at `a`, whose rows have `slots` words each, beginning with row
/// `row` of them; one panel's columns.
static void pair_rows_of_panel(
    const struct pair_shape *s, const unsigned *a, long row, long slots, const unsigned *b,
    const float *start, float *c, long m, long width) {
  const long vectors = (width + LANES - 1) / LANES;
  const int last = (int)(width - (vectors - 1) * LANES);
  for (long i = 0, size; i < m; i += size) {
    const long lane = (row + i) % pair_rows;
    const long most = m - i < pair_rows - lane ? m - i : pair_rows - lane;
    int number = 3;
    while (pair_sizes[number] > most) number--;
    size = pair_sizes[number];
    pair_tiles[vectors - 1][number](
        s, a + (row + i - lane) * slots + lane, b, start ? start + i * s->start_row : start,
        c + i * s->c_row, last);
  }
}

/// The product in blocks of rows, of k and of columns, as `product` in Products.h.
static void multiply_pairs(const struct skein_bfloat16_product *p) {
  unsigned rows[pair_depth * pair_block] __attribute__((aligned(64)));
  for (long row = 0; row < p->m; row += pair_block) {
    const long m = p->m - row < pair_block ? p->m - row : pair_block;
    float *c = p->c + row * p->c_row;
    const float *start = p->start ? p->start + row * p->start_row : p->start;
    struct pair_shape s = {.start_row = p->start_row, .c_row = p->c_row};
    long l = 0;
    do {
      s.slots = p->slot_count - l < pair_depth ? p->slot_count - l : pair_depth;
      s.rectifies = p->rectifies && l + s.slots == p->slot_count;
      const unsigned *a = p->tiles;
      if (p->a) {
        const long k = p->k - 2 * l < 2 * s.slots ? p->k - 2 * l : 2 * s.slots;
        for (long i = 0; i < m; i += pair_rows) {
          turn_rows(p->a + (row + i) * p->a_row + 2 * l, p->a_row,
                    m - i < pair_rows ? m - i : pair_rows, k, rows + i * s.slots, pair_rows, no_a);
        }
        a = rows;
      } else {
        a += (p->first_slot + l) * pair_rows;
      }
      for (long column = 0; column < p->n; column += pair_columns) {
        const long width = p->n - column < pair_columns ? p->n - column : pair_columns;
        pair_rows_of_panel(
            &s, a, p->a ? 0 : p->row + row, p->a ? s.slots : p->slots,
            p->panels + (p->column + column) * p->slots + (p->first_slot + l) * pair_columns,
            start ? start + column : start, c + column, m, width);
      }
      l += s.slots;
      start = c;
      s.start_row = s.c_row;
    } while (l < p->slot_count);
  }
}

static void product_of_pairs(const struct skein_bfloat16_product *p) {
#ifdef FLUSHES_IN_MXCSR
  // Denormal operands are zeros, results that are tiny after rounding become zeros.
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  multiply_pairs(p);
  _mm_setcsr(before);
#else
  multiply_pairs(p);
#endif
}

#define SKEIN_BFLOAT16(NAME)                                                                    \
  {NAME, pair_columns, pair_rows, product_of_pairs, pack_weights, pack_panels, pack_tiles}
