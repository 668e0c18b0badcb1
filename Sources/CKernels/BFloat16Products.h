// Products of operands rounded to bfloat16, for one set of vector instructions. Included by a file
// for each, after BFloat16Rounding.h. It defines
//   PAIR_ROWS, PAIR_VECTORS   of a tile: its rows, and its columns in vectors
//
// The tiles are those of Products.h, over words of two numbers: half the memory, and half the steps
// along k where an instruction multiplies both.

enum {
  pair_rows = PAIR_ROWS,
  pair_columns = PAIR_VECTORS * LANES,
  /// Words along k of one pass over the tiles: a panel's part of it stays in the second cache, and
  /// so do the rows of a, which are Floats where there is no instruction for pairs.
#ifdef PAIRS_IN_HARDWARE
  pair_depth = 1024,
#else
  pair_depth = 512,
#endif
  /// Rows of a that one pass takes.
  pair_block = 64,
};

#include "BFloat16Packing.h"

#ifdef PAIRS_IN_HARDWARE
/// Of a, as the tiles read it: words.
typedef unsigned part;
enum { pair_parts = 1 };
#else
/// Of a, as the tiles read it: for each slot, the upper halves of a tile's rows as Floats, then the
/// lower ones. They are multiplied by often, and taken apart only once.
typedef float part;
enum { pair_parts = 2 };

/// The `slots` slots of one tile.
INLINE void take_apart(const unsigned *tile, long slots, part *target) {
  for (long l = 0; l < slots; l++, tile += pair_rows, target += pair_parts * pair_rows) {
    for (int i = 0; i < pair_rows; i++) {
      const unsigned upper = tile[i] & 0xFFFF0000, lower = tile[i] << 16;
      memcpy(target + i, &upper, sizeof upper);
      memcpy(target + pair_rows + i, &lower, sizeof lower);
    }
  }
}
#endif

/// What is the same for all tiles of a pass.
struct pair_shape {
  long start_row, c_row, slots;
  bool rectifies;
};

/// One tile of `rows` rows and `vectors` vectors, of which the last one has `last` lanes.
INLINE void pair_tile(
    const struct pair_shape *s, const part *a, const unsigned *b, const float *start, float *c,
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
#ifdef PAIRS_IN_HARDWARE
    UNROLLED for (int i = 0; i < rows; i++) {
      const words x = a[i] - (words){0};
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = add_pairs(sums[i][j], x, y[j]);
    }
#else
    // The lower k, which is in the upper halves, comes first.
    UNROLLED for (int i = 0; i < rows; i++) {
      const vector x = broadcast(a + i);
      UNROLLED for (int j = 0; j < vectors; j++) {
        sums[i][j] = add_flushed(x, upper(y[j]), sums[i][j]);
      }
    }
    UNROLLED for (int i = 0; i < rows; i++) {
      const vector x = broadcast(a + pair_rows + i);
      UNROLLED for (int j = 0; j < vectors; j++) {
        sums[i][j] = add_flushed(x, lower(y[j]), sums[i][j]);
      }
    }
#endif
    a += pair_parts * pair_rows;
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
      const struct pair_shape *s, const part *a, const unsigned *b, const float *start,         \
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
    const struct pair_shape *, const part *a, const unsigned *b, const float *start, float *c,
    int last) = {
    {pairs_1_1, pairs_2_1, pairs_4_1, pairs_PAIR_ROWS_1},
    {pairs_1_2, pairs_2_2, pairs_4_2, pairs_PAIR_ROWS_2},
#if PAIR_VECTORS == 3
    {pairs_1_3, pairs_2_3, pairs_4_3, pairs_PAIR_ROWS_3},
#endif
};
static const long pair_sizes[4] = {1, 2, 4, PAIR_ROWS};

/// `m` rows of a from the tiles at `a`, whose rows have `slots` slots each, beginning with row
/// `row` of them; one panel's columns.
static void pair_rows_of_panel(
    const struct pair_shape *s, const part *a, long row, long slots, const unsigned *b,
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
        s, a + (row + i - lane) * slots * pair_parts + lane, b,
        start ? start + i * s->start_row : start, c + i * s->c_row, last);
  }
}

/// Rows of a as the tiles read them: the first one is row `begin` of tiles of so many slots.
struct rows_of_pairs {
  const part *parts;
  long begin, slots;
};

/// `m` rows of p's a from row `row` on, `slots` slots from slot `first` on. A copy, where one is
/// needed, goes to `copy`.
static struct rows_of_pairs take_rows(
    const struct skein_bfloat16_product *p, long row, long m, long first, long slots, part *copy) {
  if (p->a) {
    const long k = p->k - 2 * first < 2 * slots ? p->k - 2 * first : 2 * slots;
    for (long i = 0; i < m; i += pair_rows) {
      const float *from = p->a + (row + i) * p->a_row + 2 * first;
      const long count = m - i < pair_rows ? m - i : pair_rows;
      part *target = copy + pair_parts * i * slots;
#ifdef PAIRS_IN_HARDWARE
      turn_rows(from, p->a_row, count, k, target, pair_rows, no_a);
#else
      unsigned rounded[pair_depth * pair_rows] __attribute__((aligned(64)));
      turn_rows(from, p->a_row, count, k, rounded, pair_rows, no_a);
      take_apart(rounded, slots, target);
#endif
    }
    return (struct rows_of_pairs){copy, 0, slots};
  }
  const long begin = (p->row + row) % pair_rows;
  const unsigned *tile = p->tiles + (p->row + row - begin) * p->slots;
  tile += (p->first_slot + first) * pair_rows;
#ifdef PAIRS_IN_HARDWARE
  return (struct rows_of_pairs){tile, begin, p->slots};
#else
  for (long i = 0; i < begin + m; i += pair_rows) {
    take_apart(tile + i * p->slots, slots, copy + pair_parts * i * slots);
  }
  return (struct rows_of_pairs){copy, begin, slots};
#endif
}

/// The product in blocks of rows, of k and of columns, as `product` in Products.h.
static void multiply_pairs(const struct skein_bfloat16_product *p) {
  // Rows taken apart that begin within a tile may be in one tile more.
  part rows[pair_parts * pair_depth * (pair_block + pair_rows)] __attribute__((aligned(64)));
  for (long row = 0; row < p->m; row += pair_block) {
    const long m = p->m - row < pair_block ? p->m - row : pair_block;
    float *c = p->c + row * p->c_row;
    const float *start = p->start ? p->start + row * p->start_row : p->start;
    struct pair_shape s = {.start_row = p->start_row, .c_row = p->c_row};
    long l = 0;
    do {
      s.slots = p->slot_count - l < pair_depth ? p->slot_count - l : pair_depth;
      s.rectifies = p->rectifies && l + s.slots == p->slot_count;
      const struct rows_of_pairs a = take_rows(p, row, m, l, s.slots, rows);
      for (long column = 0; column < p->n; column += pair_columns) {
        const long width = p->n - column < pair_columns ? p->n - column : pair_columns;
        pair_rows_of_panel(
            &s, a.parts, a.begin, a.slots,
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
