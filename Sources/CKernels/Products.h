// Matrix products for one set of instructions. Included by a file for each, which defines
//   LANES, vector                    Floats in a vector, and its type
//   load_some, store_some            of a vector's first lanes only
//   multiply_add                     a · b + c, rounded once
//   ROWS, VECTORS                    of a tile of `outer`: BLIS' MR, and its NR in vectors
//
// A tile keeps both multiply-add units busy, with 12 to 24 independent sums in registers, and loads
// less than one vector for each multiply-add. Its operands come from a cache: b in panels that are
// read from front to end, kept by the caller or copied here; a as it is, unless its rows are so
// long that they get into each other's way. Source: Goto, van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008.

#include "Transposes.h"

/// A product's shape, the same for all of its tiles.
struct shape {
  /// Element (i, l) of a is at a[i · a_row + l · a_column]; row l of b begins at b[l · b_row].
  long a_row, a_column, b_row, c_row;
  /// Where the sums begin: element (i, j) at start[i · start_row + j].
  long start_row;
  long k;
  bool rectifies;
  /// Whether a was copied by `pack_rows`.
  bool copied_a;
  /// The next whole panel of b, or this one where there is none; null where b is not in panels.
  const float *next_panel;
  /// Which of the rows that share a panel the tiles begin with, and how many these are: each tile
  /// asks for its rows' share of the next panel.
  long first_row, shared_rows;
  /// Where a tile's share begins, and how many bytes of it each l asks for.
  const char *next;
  long next_step;
};

/// Where an a in panels is: k begins with row `row` of `rows`, c's rows with column `column` of
/// `columns`.
struct place {
  long row, rows, column, columns;
};

/// start[row, column], or null without a start.
INLINE const float *start_at(const float *start, const struct shape *s, long row, long column) {
  return start ? start + row * s->start_row + column : start;
}

// MARK: Row-major b: c[i, :] = start[i, :] + Σ over l of a(i, l) · b[l, :]

enum {
  /// Columns of a tile, and of a panel.
  tile_columns = VECTORS * LANES,
  /// How many l ahead of its use a tile asks the first cache for an operand.
  ahead = 32,
  /// Floats in a line of a cache.
  line = 16,
};

/// One tile of `rows` rows and `vectors` vectors, of which the last one has `last` lanes. Where it
/// `asks`, it asks the caches for what comes next.
INLINE void outer_tile(
    const struct shape *s, const long a_row, const float *a, const float *b, const float *start,
    float *c, const int last, const int rows, const int vectors, const bool asks) {
  const long a_column = s->a_column, b_row = s->b_row, c_row = s->c_row;
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
  long offsets[ROWS];
  UNROLLED for (int i = 0; i < rows; i++) offsets[i] = row_offset(i, a_row);
  const char *next = s->next;
  for (long l = s->k; l > 0; l--) {
    if (asks) {
      UNROLLED for (int j = 0; j < vectors; j += line / LANES) {
        skein_prefetch(b + ahead * b_row + j * LANES);
      }
      skein_prefetch(a + ahead * a_column);
      skein_prefetch_far(next);
      next += s->next_step;
    }
    vector y[VECTORS];
    UNROLLED for (int j = 0; j < vectors; j++) {
      y[j] = load_some(b + j * LANES, j == vectors - 1 ? last : LANES);
    }
    UNROLLED for (int i = 0; i < rows; i++) {
      vector x = broadcast(a + offsets[i]);
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = multiply_add(x, y[j], sums[i][j]);
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
    if (last == LANES) outer_tile(s, s->a_row, a, b, start, c, LANES, R, V, false);          \
    else outer_tile(s, s->a_row, a, b, start, c, last, R, V, false);                         \
  }
OUTER(1, 1) OUTER(2, 1) OUTER(4, 1) OUTER(ROWS, 1)
OUTER(1, 2) OUTER(2, 2) OUTER(4, 2) OUTER(ROWS, 2)
#if VECTORS == 3
OUTER(1, 3) OUTER(2, 3) OUTER(4, 3) OUTER(ROWS, 3)
#endif

/// The largest tile, for panels that come from a cache far away. A processor finds out by itself
/// what comes next, but late: asking makes wide's forward pass 1.15 times as fast on a Xeon (Emerald
/// Rapids, 1024 × 2048 × 2048). The next panel comes from the last cache while this one, which all
/// tiles share, is worked with: else the first tile would wait for it.
static void outer_asking(
    const struct shape *s, const float *a, const float *b, const float *start, float *c) {
  // Rows side by side have constant distances. These take no registers, of which there are too few.
  if (s->a_row == 1) outer_tile(s, 1, a, b, start, c, LANES, ROWS, VECTORS, true);
  else outer_tile(s, s->a_row, a, b, start, c, LANES, ROWS, VECTORS, true);
}

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
static const long tile_rows[4] = {1, 2, 4, ROWS};

/// How many of the tile sizes fit `rows` rows, the largest first.
INLINE int tile_size(long rows) {
  int size = 3;
  while (tile_rows[size] > rows) size--;
  return size;
}

/// The rows of one block of columns, whose last vector has `last` lanes. Changes `s` for each tile:
/// copying it would take as long as a small tile.
INLINE void outer_rows(
    struct shape *s, const float *a, const float *b, const float *start, float *c, long m,
    long width) {
  const long vectors = (width + LANES - 1) / LANES;
  const int last = (int)(width - (vectors - 1) * LANES);
  const bool asks = s->next_panel && width == tile_columns;
  for (long row = 0, size; row < m; row += size) {
    const int number = tile_size(m - row);
    size = tile_rows[number];
    if (s->copied_a) s->a_row = 1, s->a_column = size;
    const float *x = s->copied_a ? a + row * s->k : a + row * s->a_row;
    const float *begin = start_at(start, s, row, 0);
    float *result = c + row * s->c_row;
    if (asks && size == ROWS) {
      const long row_bytes = tile_columns * (long)sizeof *b, done = s->first_row + row;
      s->next = (const char *)s->next_panel + s->k * row_bytes * done / s->shared_rows;
      s->next_step = row_bytes * size / s->shared_rows;
      outer_asking(s, x, b, begin, result);
    } else {
      outer_tiles[vectors - 1][number](s, x, b, begin, result, last);
    }
  }
}

/// Copies `m` rows of a, with k elements each, for tiles: each tile's rows lie together, column by
/// column.
static void pack_rows(const float *a, long a_row, long m, long k, float *target) {
  for (long row = 0, size; row < m; row += size) {
    size = tile_rows[tile_size(m - row)];
    transpose(a + row * a_row, a_row, k, size, target, size);
    target += size * k;
  }
}

// MARK: Copies

enum {
  /// How far along k one pass over the tiles goes, BLIS' KC: what a tile reads of b then stays in
  /// the second cache until the next tile reads it. Less far where b is copied for it.
  packed_depth = 1024,
  copied_depth = 256,
  /// Rows of a that one pass takes: so many use a panel of b that has come from the last cache.
  /// With 32 it came too slowly for a Xeon, whose last cache is far away (Emerald Rapids: 1.1 times
  /// as fast with 64, for 1024 × 2048 × 2048). Copied rows take 256 KiB, and a panel up to 192 KiB,
  /// of a second cache that has 2 MiB there.
  packed_rows = 64,
  copied_rows = 128,
  /// From so many elements on from row to row, rows fall into the same few lines of the first
  /// cache, and into as many pages of memory: then it is worth copying them. So it is
  /// where so many panels of b use the copy: it spares tiles that ask for what comes next the rows'
  /// distances.
  long_row = 1024,
  many_panels = 16,
  /// Copying b's columns wants so many rows of a that use the copy.
  least_rows = 128,
};

/// The width of the panel that has `column` of `columns`: whole vectors. The last one is as narrow
/// as it can be, so that a narrow matrix has all of its elements close together.
INLINE long panel_width(long column, long columns) {
  const long rest = columns - column / tile_columns * tile_columns;
  return rest < tile_columns ? (rest + LANES - 1) / LANES * LANES : tile_columns;
}

/// As `outer_rows`, for a in panels, in which no tile has rows of two of them.
static void outer_panels(
    struct shape *s, const float *a, struct place place, const float *b, const float *start,
    float *c, long m, long width) {
  s->a_row = 1;
  for (long row = 0, count; row < m; row += count, place.column += count) {
    const long lane = place.column % tile_columns;
    count = m - row < tile_columns - lane ? m - row : tile_columns - lane;
    s->a_column = panel_width(place.column, place.columns);
    s->first_row = row;
    outer_rows(
        s, a + (place.column - lane) * place.rows + place.row * s->a_column + lane, b,
        start_at(start, s, row, 0), c + row * s->c_row, count, width);
  }
}

/// Puts a rectangle of a matrix w [rows, columns], whose first element is (`row`, `column`) of all
/// of it, into panels for products with w and with its transpose: see CKernels.h.
static void pack(
    const float *w, long w_row, long row, long rows, long column, long columns, long all_rows,
    float *forward, float *backward) {
  for (long at = row, last = row + rows; forward && at < last;) {
    const long lane = at % tile_columns;
    const long count = last - at < tile_columns - lane ? last - at : tile_columns - lane;
    const long width = panel_width(at, all_rows);
    float *target = forward + (at - lane) * w_row + column * width + lane;
    transpose(w + (at - row) * w_row, w_row, columns, count, target, width);
    at += count;
  }
  if (!backward) return;
  for (long at = column, last = column + columns; at < last;) {
    const long lane = at % tile_columns;
    const long count = last - at < tile_columns - lane ? last - at : tile_columns - lane;
    const long width = panel_width(at, w_row);
    float *target = backward + (at - lane) * all_rows + row * width + lane;
    copy_rows(w + (at - column), w_row, rows, count, target, width);
    at += count;
  }
}

/// The product for all of m × n, in blocks of rows, of k and of columns. Later blocks of k go on
/// from c, so that each element is one chain over all of k.
static void product(const struct skein_product *p) {
  const long a_row = p->transposed_a ? 1 : p->a_row, a_column = p->transposed_a ? p->a_row : 1;
  struct shape s = {.a_row = a_row, .a_column = a_column, .c_row = p->c_row};
  const long depth = p->packed_b ? packed_depth : copied_depth;
  const long most_rows = p->packed_b ? packed_rows : copied_rows;
  float panel[copied_depth * tile_columns] __attribute__((aligned(64)));
  float rows[packed_depth * packed_rows] __attribute__((aligned(64)));
  const bool has_many_panels = p->packed_b && p->n >= many_panels * tile_columns;
  const bool has_long_rows = p->a_row >= long_row && p->n >= 2 * tile_columns;
  s.copied_a = !p->transposed_a && !p->packed_a && (has_long_rows || has_many_panels);
  for (long row = 0; row < p->m; row += most_rows) {
    const long m = p->m - row < most_rows ? p->m - row : most_rows;
    s.first_row = 0, s.shared_rows = m;
    const bool copies_b = p->m >= least_rows && p->b_row >= long_row;
    float *c = p->c + row * p->c_row;
    s.start_row = p->start_row;
    const float *start = start_at(p->start, &s, row, 0);
    struct place place = {.rows = p->a_row, .column = p->a_column + row, .columns = p->a_columns};
    long l = 0;
    do {
      s.k = p->k - l < depth ? p->k - l : depth;
      s.rectifies = p->rectifies && l + s.k == p->k;
      const float *a = p->packed_a ? p->a : p->a + row * a_row + l * a_column;
      place.row = p->first_row + l;
      if (s.copied_a) pack_rows(a, p->a_row, m, s.k, rows), a = rows;
      for (long column = 0; column < p->n; column += tile_columns) {
        const long width = p->n - column < tile_columns ? p->n - column : tile_columns;
        const float *b = panel, *begin = start_at(start, &s, 0, column);
        s.b_row = tile_columns;
        if (p->packed_b) {
          s.b_row = panel_width(column, p->n);
          b = p->b + column * p->b_row + (p->first_row + l) * s.b_row;
          const bool next_is_whole = column + 2 * tile_columns <= p->n;
          s.next_panel = next_is_whole ? b + tile_columns * p->b_row : b;
        } else if (p->transposed_b) {
          transpose(p->b + column * p->b_row + l, p->b_row, s.k, width, panel, tile_columns);
        } else if (copies_b) {
          copy_rows(p->b + l * p->b_row + column, p->b_row, s.k, width, panel, tile_columns);
        } else {
          b = p->b + l * p->b_row + column;
          s.b_row = p->b_row;
        }
        if (p->packed_a) outer_panels(&s, a, place, b, begin, c + column, m, width);
        else outer_rows(&s, a, b, begin, c + column, m, width);
      }
      l += s.k;
      start = c;
      s.start_row = s.c_row;
    } while (l < p->k);
  }
}
