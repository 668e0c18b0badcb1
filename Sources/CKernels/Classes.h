// Loops over rows of scores, one score for each class. Included by a file for each set of
// instructions, after Loops.h.
//
// Classes are few, and a loop over the classes of a row leaves most lanes of a vector empty. So
// lanes are rows: a vector has one class of LANES rows. A row's sum over its classes is still one
// lane's, from the first class to the last. Rows are taken a few vectors at a time, and each step
// of the computation over all of these: a row's steps wait for one another, rows do not.

enum {
  /// Vectors of scores at a time: 8 KiB with 16 lanes.
  score_vectors = 128,
};

// MARK: Rows to lanes and back

#if LANES == 16
INLINE vector join(const quad *q) {
  typedef float half __attribute__((vector_size(32)));
  const half low = __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7);
  const half high = __builtin_shufflevector(q[2], q[3], 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE void split(vector x, quad *q) {
  q[0] = __builtin_shufflevector(x, x, 0, 1, 2, 3);
  q[1] = __builtin_shufflevector(x, x, 4, 5, 6, 7);
  q[2] = __builtin_shufflevector(x, x, 8, 9, 10, 11);
  q[3] = __builtin_shufflevector(x, x, 12, 13, 14, 15);
}
#elif LANES == 8
INLINE vector join(const quad *q) {
  return __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7);
}
INLINE void split(vector x, quad *q) {
  q[0] = __builtin_shufflevector(x, x, 0, 1, 2, 3);
  q[1] = __builtin_shufflevector(x, x, 4, 5, 6, 7);
}
#else
INLINE vector join(const quad *q) { return q[0]; }
INLINE void split(vector x, quad *q) { q[0] = x; }
#endif

/// tile[j · LANES + i] = x[i · x_row + j], for j < columns and i < LANES.
static void rows_to_lanes(const float *x, long x_row, long columns, float *tile) {
  enum { quads = LANES / 4 };
  long j = 0;
  for (; j + 4 <= columns; j += 4) {
    quad parts[4][quads];
    UNROLLED for (int q = 0; q < quads; q++) {
      UNROLLED for (int i = 0; i < 4; i++) parts[i][q] = load4(x + (4 * q + i) * x_row + j);
      turn(&parts[0][q], &parts[1][q], &parts[2][q], &parts[3][q]);
    }
    UNROLLED for (int i = 0; i < 4; i++) store(tile + (j + i) * LANES, join(parts[i]));
  }
  for (; j < columns; j++) {
    quad parts[quads];
    UNROLLED for (int q = 0; q < quads; q++) {
      const float *from = x + 4 * q * x_row + j;
      parts[q] = (quad){from[0], from[x_row], from[2 * x_row], from[3 * x_row]};
    }
    store(tile + j * LANES, join(parts));
  }
}

/// y[i · y_row + j] = tile[j · LANES + i], for j < columns and i < LANES.
static void lanes_to_rows(const float *tile, long columns, float *y, long y_row) {
  enum { quads = LANES / 4 };
  long j = 0;
  for (; j + 4 <= columns; j += 4) {
    quad parts[4][quads];
    UNROLLED for (int i = 0; i < 4; i++) split(load(tile + (j + i) * LANES), parts[i]);
    UNROLLED for (int q = 0; q < quads; q++) {
      turn(&parts[0][q], &parts[1][q], &parts[2][q], &parts[3][q]);
      UNROLLED for (int i = 0; i < 4; i++) store4(y + (4 * q + i) * y_row + j, parts[i][q]);
    }
  }
  for (; j < columns; j++) {
    UNROLLED for (int i = 0; i < LANES; i++) y[i * y_row + j] = tile[j * LANES + i];
  }
}

/// x[i · x_row + columns[i]] in lane i.
INLINE vector chosen_elements(const float *x, long x_row, const int *columns) {
  enum { quads = LANES / 4 };
  quad parts[quads];
  UNROLLED for (int q = 0; q < quads; q++) {
    const float *from = x + 4 * q * x_row;
    const int *column = columns + 4 * q;
    parts[q] = (quad){
        from[column[0]], from[x_row + column[1]], from[2 * x_row + column[2]],
        from[3 * x_row + column[3]]};
  }
  return join(parts);
}

/// Whether all of the labels are classes.
static bool are_classes(const int *labels, long count, long classes) {
  const unsigned limit = classes < 0x7fffffff ? (unsigned)classes : 0x7fffffff;
  unsigned bad = 0;
  for (long i = 0; i < count; i++) bad |= (unsigned)labels[i] >= limit;
  return !bad;
}

/// The row that tile `number` of `rows` rows begins with. The last tile is a whole one like the
/// others: it computes some rows again, to the same bits.
INLINE long tile_row(long number, long rows) {
  return (number + 1) * LANES <= rows ? number * LANES : rows - LANES;
}

// MARK: Cross-entropy

/// What a loss is computed from: its row's maximum, and the sum of its exponentials.
INLINE vector losses(
    const float *x, const int *labels, long classes, vector maximum, vector sum) {
  return log_of(sum) - (chosen_elements(x, classes, labels) - maximum);
}

/// Cross-entropy of `rows` ≥ LANES rows, whose scores have room in so many vectors.
static void cross_entropy_rows(
    const float *x, const int *labels, long rows, long classes, float *softmax, float *loss) {
  float scores[score_vectors * LANES] __attribute__((aligned(64)));
  vector maxima[score_vectors];
  const long tiles = (rows + LANES - 1) / LANES;
  for (long t = 0; t < tiles; t++) {
    float *tile = scores + t * classes * LANES;
    rows_to_lanes(x + tile_row(t, rows) * classes, classes, classes, tile);
    vector maximum = load(tile);
    for (long j = 1; j < classes; j++) {
      const vector score = load(tile + j * LANES);
      maximum = choose(score > maximum, score, maximum);
    }
    for (long j = 0; j < classes; j++) store(tile + j * LANES, load(tile + j * LANES) - maximum);
    maxima[t] = maximum;
  }
  softmax_exp_all(scores, scores, tiles * classes * LANES);
  for (long t = 0; t < tiles; t++) {
    const long row = tile_row(t, rows);
    float *tile = scores + t * classes * LANES;
    vector sum = splat(0);
    for (long j = 0; j < classes; j++) sum += load(tile + j * LANES);
    const vector factor = 1 / sum;
    for (long j = 0; j < classes; j++) store(tile + j * LANES, load(tile + j * LANES) * factor);
    lanes_to_rows(tile, classes, softmax + row * classes, classes);
    store(loss + row, losses(x + row * classes, labels + row, classes, maxima[t], sum));
  }
}

/// Cross-entropy of LANES rows of many classes, some of them at a time.
static void cross_entropy_of_many(
    const float *x, const int *labels, long classes, float *softmax, float *loss) {
  float tile[score_vectors * LANES] __attribute__((aligned(64)));
  vector maximum = splat(0), sum = splat(0);
  for (long at = 0; at < classes; at += score_vectors) {
    const long count = classes - at < score_vectors ? classes - at : score_vectors;
    rows_to_lanes(x + at, classes, count, tile);
    if (at == 0) maximum = load(tile);
    for (long j = 0; j < count; j++) {
      const vector score = load(tile + j * LANES);
      maximum = choose(score > maximum, score, maximum);
    }
  }
  for (long at = 0; at < classes; at += score_vectors) {
    const long count = classes - at < score_vectors ? classes - at : score_vectors;
    rows_to_lanes(x + at, classes, count, tile);
    for (long j = 0; j < count; j++) {
      const vector exponential = softmax_exp_of(load(tile + j * LANES) - maximum);
      sum += exponential;
      store(tile + j * LANES, exponential);
    }
    lanes_to_rows(tile, count, softmax + at, classes);
  }
  store(tile, 1 / sum);
  for (long i = 0; i < LANES; i++) scale(softmax + i * classes, tile[i], classes);
  store(loss, losses(x, labels, classes, maximum, sum));
}

/// One row after the other, for fewer than LANES rows.
static void cross_entropy_row(
    const float *x, int label, long classes, float *softmax, float *loss) {
  float maximum = x[0], sum = 0;
  for (long j = 1; j < classes; j++) maximum = x[j] > maximum ? x[j] : maximum;
  for (long j = 0; j < classes; j++) softmax[j] = x[j] - maximum;
  softmax_exp_all(softmax, softmax, classes);
  for (long j = 0; j < classes; j++) sum += softmax[j];
  scale(softmax, 1 / sum, classes);
  log_all(&sum, loss, 1);
  *loss -= x[label] - maximum;
}

static bool cross_entropy(
    const float *x, const int *labels, long rows, long classes, float *softmax, float *loss) {
  if (!are_classes(labels, rows, classes)) return false;
  if (rows < LANES) {
    for (long i = 0; i < rows; i++) {
      cross_entropy_row(x + i * classes, labels[i], classes, softmax + i * classes, loss + i);
    }
    return true;
  }
  if (classes > score_vectors) {
    for (long t = 0; t * LANES < rows; t++) {
      const long row = tile_row(t, rows);
      cross_entropy_of_many(
          x + row * classes, labels + row, classes, softmax + row * classes, loss + row);
    }
    return true;
  }
  const long most = score_vectors / classes * LANES;
  for (long row = 0; row < rows;) {
    long count = rows - row < most ? rows - row : most;
    if (count < LANES) row -= LANES - count, count = LANES;
    cross_entropy_rows(
        x + row * classes, labels + row, count, classes, softmax + row * classes, loss + row);
    row += count;
  }
  return true;
}

static bool cross_entropy_gradient(
    const float *softmax, const int *labels, const float *dy, long rows, long classes, float *dx,
    bool accumulates) {
  if (!are_classes(labels, rows, classes)) return false;
  bool is_one = !accumulates;
  for (long i = 0; i < rows; i++) is_one &= dy[i] == 1;
  // A step's losses have a slope of 1 each.
  if (is_one) memcpy(dx, softmax, sizeof *dx * (unsigned long)(rows * classes));
  for (long i = 0; i < rows; i++) {
    float *row = dx + i * classes;
    for (long j = 0; j < classes && !is_one; j++) {
      const float term = softmax[i * classes + j] * dy[i];
      row[j] = accumulates ? row[j] + term : term;
    }
    row[labels[i]] -= dy[i];
  }
  return true;
}

// MARK: Matches

/// Which of LANES rows have their highest score at their label.
INLINE vector matching(const float *x, const int *labels, long classes) {
  float tile[score_vectors * LANES] __attribute__((aligned(64)));
  integers label, beaten = {0};
  memcpy(&label, labels, sizeof label);
  const vector score = chosen_elements(x, classes, labels);
  for (long at = 0; at < classes; at += score_vectors) {
    const long count = classes - at < score_vectors ? classes - at : score_vectors;
    rows_to_lanes(x + at, classes, count, tile);
    // Nothing is above a NaN in the first column, and no other NaN is above anything.
    if (at == 0) beaten = (label > 0) & ((score != score) | (load(tile) != load(tile)));
    for (long j = 0; j < count; j++) {
      const vector other = load(tile + j * LANES);
      beaten |= (other > score) | ((other == score) & (label > (int)(at + j)));
    }
  }
  return keep(splat(1), ~beaten);
}

static bool matches(const float *x, const int *labels, long rows, long classes, float *y) {
  if (!are_classes(labels, rows, classes)) return false;
  for (long t = 0; t * LANES < rows && rows >= LANES; t++) {
    const long row = tile_row(t, rows);
    store(y + row, matching(x + row * classes, labels + row, classes));
  }
  for (long i = 0; i < rows && rows < LANES; i++) {
    long best = 0;
    for (long j = 1; j < classes; j++) {
      if (x[i * classes + j] > x[i * classes + best]) best = j;
    }
    y[i] = best == labels[i];
  }
  return true;
}
