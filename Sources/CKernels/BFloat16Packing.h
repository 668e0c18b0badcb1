// Rounds operands to bfloat16 and puts them where products read them, for one set of instructions.
// Included by BFloat16Products.h.

/// What stands for no number in a and in b: (−0) · 0 = −0 changes no sum.
enum { no_a = 0x8000, no_b = 0 };

// MARK: Pairs along rows

/// target[l] = elements 2l and 2l + 1 of `row`, for 2l < k.
static void round_whole_row(const float *row, long k, unsigned *target, const unsigned pad) {
  long l = 0;
  for (; l + 2 * LANES <= k; l += 2 * LANES) {
    round_row(load(row + l), load(row + l + LANES), target + l / 2);
  }
  for (; l + 2 <= k; l += 2) target[l / 2] = round_one(row[l]) | round_one(row[l + 1]) >> 16;
  if (l < k) target[l / 2] = round_one(row[l]) | pad;
}

/// target[l · width + i] = elements 2l and 2l + 1 of row i, for i < rows and 2l < k.
static void turn_rows(
    const float *x, long x_row, long rows, long k, unsigned *target, long width,
    const unsigned pad) {
  enum { chunk = 256 };
  unsigned rounded[4][chunk / 2] __attribute__((aligned(64)));
  for (long l = 0; l < k; l += chunk) {
    const long count = k - l < chunk ? k - l : chunk, pairs = (count + 1) / 2;
    unsigned *to = target + l / 2 * width;
    for (long i = 0; i < rows; i += 4) {
      const long some = rows - i < 4 ? rows - i : 4;
      for (long j = 0; j < some; j++) {
        round_whole_row(x + (i + j) * x_row + l, count, rounded[j], pad);
      }
      long p = 0;
      for (; some == 4 && p + 4 <= pairs; p += 4) {
        four_words w = *(four_words *)(rounded[0] + p), x1 = *(four_words *)(rounded[1] + p);
        four_words y = *(four_words *)(rounded[2] + p), z = *(four_words *)(rounded[3] + p);
        four_words wx = __builtin_shufflevector(w, x1, 0, 4, 1, 5);
        four_words yz = __builtin_shufflevector(y, z, 0, 4, 1, 5);
        *(four_words *)(to + p * width + i) = __builtin_shufflevector(wx, yz, 0, 1, 4, 5);
        *(four_words *)(to + (p + 1) * width + i) = __builtin_shufflevector(wx, yz, 2, 3, 6, 7);
        wx = __builtin_shufflevector(w, x1, 2, 6, 3, 7);
        yz = __builtin_shufflevector(y, z, 2, 6, 3, 7);
        *(four_words *)(to + (p + 2) * width + i) = __builtin_shufflevector(wx, yz, 0, 1, 4, 5);
        *(four_words *)(to + (p + 3) * width + i) = __builtin_shufflevector(wx, yz, 2, 3, 6, 7);
      }
      for (; p < pairs; p++) {
        for (long j = 0; j < some; j++) to[p * width + i + j] = rounded[j][p];
      }
    }
  }
}

// MARK: Pairs of rows

/// target[j] = (x[j], y[j]) for j < count.
INLINE void round_two_rows(const float *x, const float *y, unsigned *target, const long count) {
  long j = 0;
  for (; j + LANES <= count; j += LANES) {
    store_words(target + j, round_pairs(load(x + j), load(y + j)));
  }
  for (; j < count; j++) target[j] = round_one(x[j]) | round_one(y[j]) >> 16;
}

/// target[j] = (x[j], pad), or (pad, x[j]) where it is the second one.
INLINE void round_single_row(
    const float *x, unsigned *target, const long count, const bool is_second, const unsigned pad) {
  for (long j = 0; j < count; j++) {
    target[j] = is_second ? pad << 16 | round_one(x[j]) >> 16 : round_one(x[j]) | pad;
  }
}

/// Puts pairs of neighbouring rows into blocks of `width` columns, each of `slots` pairs. Few rows
/// at a time, so that they are in the first cache for each block.
INLINE void pack_pairs(
    const float *x, long x_row, bool begins_odd, long rows, long columns, unsigned *target,
    long slots, const long width, const unsigned pad) {
  enum { most = 16 };
  long slot = 0, row = 0;
  while (row < rows) {
    const bool is_odd = begins_odd && row == 0;
    long count = is_odd ? 1 : rows - row < most ? rows - row : most;
    const float *from = x + row * x_row;
    for (long column = 0; column < columns; column += width) {
      const long some = columns - column < width ? columns - column : width;
      unsigned *to = target + column * slots + slot * width;
      if (is_odd) {
        round_single_row(from + column, to, some, true, pad);
        continue;
      }
      for (long i = 0; i + 2 <= count; i += 2) {
        const float *first = from + i * x_row + column;
        if (some == width) round_two_rows(first, first + x_row, to + i / 2 * width, width);
        else round_two_rows(first, first + x_row, to + i / 2 * width, some);
      }
      if (count % 2) {
        round_single_row(
            from + (count - 1) * x_row + column, to + count / 2 * width, some, false, pad);
      }
    }
    row += count;
    slot += (count + 1) / 2;
  }
}

// MARK: Operands

static void pack_weights(
    const float *w, long w_row, long row, long rows, long column, long columns, long all_rows,
    unsigned *forward, unsigned *backward) {
  const long forward_slots = (w_row + 1) / 2, backward_slots = (all_rows + 1) / 2;
  for (long at = row, last = row + rows; at < last;) {
    const long lane = at % pair_columns;
    const long count = last - at < pair_columns - lane ? last - at : pair_columns - lane;
    turn_rows(w + (at - row) * w_row, w_row, count, columns,
              forward + (at - lane) * forward_slots + column / 2 * pair_columns + lane,
              pair_columns, no_b);
    at += count;
  }
  if (!backward) return;
  for (long at = column, last = column + columns; at < last;) {
    const long lane = at % pair_columns;
    const long count = last - at < pair_columns - lane ? last - at : pair_columns - lane;
    unsigned *to = backward + (at - lane) * backward_slots + row / 2 * pair_columns + lane;
    const float *from = w + (at - column);
    for (long i = 0; i + 2 <= rows; i += 2) {
      round_two_rows(
          from + i * w_row, from + (i + 1) * w_row, to + i / 2 * pair_columns, count);
    }
    if (rows % 2) {
      round_single_row(
          from + (rows - 1) * w_row, to + rows / 2 * pair_columns, count, false, no_b);
    }
    at += count;
  }
}

static void pack_panels(
    const float *x, long x_row, bool begins_odd, long rows, long columns, unsigned *panels,
    long slots) {
  pack_pairs(x, x_row, begins_odd, rows, columns, panels, slots, pair_columns, no_b);
}

static void pack_tiles(
    const float *x, long x_row, bool begins_odd, long rows, long columns, unsigned *tiles,
    long slots) {
  pack_pairs(x, x_row, begins_odd, rows, columns, tiles, slots, pair_rows, no_a);
}
