#pragma once
#include <stdbool.h>

// Products whose operands are rounded to bfloat16: a Float's sign, its exponent and the first 7 of
// its 23 bits. Sums stay Floats. Included by CKernels.h.
//
// Operands lie in words of two: the number with the lower k in the upper half, the one behind it in
// the lower half. A last one that has no other is joined by −0 in a, by 0 in b, whose product
// changes no sum.

/// c[m, n] = start + a[m, k] · b[k, n], with the operands rounded to bfloat16.
struct skein_bfloat16_product {
  /// Rows of Floats, rounded on the way; or null, and `tiles` are read.
  const float *_Nullable a;
  long a_row;
  /// Words of a as `pack_tiles` writes them; `row` is the first one in them that is a row of c.
  const unsigned *_Nullable tiles;
  long row;
  /// Words of b in panels; `column` is the first one in them that is a column of c, and the first
  /// one of a panel.
  const unsigned *_Nonnull panels;
  long column;
  /// How many words of a column lie in a whole panel, and of a row in a whole tile.
  long slots;
  /// Which of them are multiplied. The first one is 0 where `a` is there.
  long first_slot, slot_count;
  /// Numbers of a row of `a`, at most 2 · slot_count.
  long k;
  /// As in a skein_product.
  const float *_Nullable start;
  long start_row;
  float *_Nonnull c;
  long c_row;
  long m, n;
  bool rectifies;
};

/// Loops on bfloat16 for one set of vector instructions. All give the same bits.
struct skein_bfloat16 {
  /// "AVX-512 BF16", or the name of the `skein_kernels` whose instructions they take.
  const char *_Nonnull name;
  /// Columns of a panel, and rows of a tile.
  long panel_columns, tile_rows;

  /// Each element of c is one chain over k, begun with the start: c = flush(fma(a[k], b[k], c)).
  /// flush makes a number that is below 2⁻¹²⁶ after rounding a zero of its sign.
  void (*_Nonnull product)(const struct skein_bfloat16_product *_Nonnull p);

  /// Rounds a rectangle of a matrix w, whose rows have w_row elements, into panels. Its first
  /// element is at `w` and is (`row`, `column`) of all of it: even numbers. Only where the matrix
  /// ends may there be odd numbers of rows and columns. The word of elements (j, 2l) and (j, 2l +
  /// 1) goes to j / P · P · S + l · P + j % P of `forward`, where a product with wᵀ reads it, that
  /// of elements (2j, l) and (2j + 1, l) to l / P · P · S' + j · P + l % P of `backward`; nowhere
  /// where that is null. P is panel_columns, S half of w_row and S' half of all_rows, rounded up.
  void (*_Nonnull pack)(
      const float *_Nonnull w, long w_row, long row, long rows, long column, long columns,
      long all_rows, unsigned *_Nonnull forward, unsigned *_Nullable backward);
  /// Rounds `rows` rows of x, and joins neighbours: the word of rows (2i, j) and (2i + 1, j) goes to
  /// j / P · P · slots + i · P + j % P of `panels`. Where `begins_odd`, the first row is joined by
  /// what stands for none, and is at i = 0 alone.
  void (*_Nonnull pack_panels)(
      const float *_Nonnull x, long x_row, bool begins_odd, long rows, long columns,
      unsigned *_Nonnull panels, long slots);
  /// The same for operands a, in tiles of tile_rows columns of x.
  void (*_Nonnull pack_tiles)(
      const float *_Nonnull x, long x_row, bool begins_odd, long rows, long columns,
      unsigned *_Nonnull tiles, long slots);
};

/// The sets of instructions, the newest first: AVX-512 BF16, AVX-512, AVX2, NEON, baseline.
enum { skein_bfloat16_levels = 5 };

/// The loops of one level, 0 the newest; null where the processor lacks the instructions.
const struct skein_bfloat16 *_Nullable skein_bfloat16(int level);

/// Whether AVX512-BF16's instructions are those of an Intel processor. The one that was measured, an
/// Emerald Rapids, takes four times as long for `vdpbf16ps` as for a multiply-add, so AVX-512's
/// multiply-adds are 1.5 times as fast. An AMD Zen 4 takes as long for the one as for the other.
bool skein_has_slow_pairs(void);
