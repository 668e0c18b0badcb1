// Walks every kernel of every level over all small sizes, on arrays that end, or begin, exactly
// where foreign memory begins: built with -fsanitize=address,undefined, as `make asan` does. What
// the kernels compute is checked by LevelTests and MatrixProductTests; here it is where they read
// and write.
//
// An array comes from malloc, between the sanitizer's red zones, or it touches a page without
// access: the sanitizer does not see what a vector instruction loads under a mask, the processor
// does.
//
// `kernels 5` walks every fifth number of columns and every fifth depth, other ones for each number
// of rows.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CKernels.h"

enum place { from_malloc, before_guard, behind_guard, places };
enum { rooms = 6, room_bytes = 1 << 23 };

static enum place place;
static char *room[rooms];
static void *given[rooms];
static long fault_count;

/// An array of `bytes` bytes; the next call for the same number takes it back.
static void *array(int number, long bytes) {
  static bool was_malloc[rooms];
  if (was_malloc[number]) free(given[number]);
  was_malloc[number] = place == from_malloc;
  if (bytes > room_bytes) abort();
  if (place == from_malloc) given[number] = malloc((size_t)bytes);
  else given[number] = room[number] + (place == before_guard ? room_bytes - bytes : 0);
  return given[number];
}

/// `rows` rows of `columns` numbers, a row every `stride`; behind the last one there is nothing.
static float *matrix(int number, long rows, long columns, long stride) {
  long count = rows > 0 && columns > 0 ? (rows - 1) * stride + columns : 0;
  float *values = array(number, count * (long)sizeof(float));
  for (long i = 0; i < count; i++) values[i] = (float)((i * 37 + number) % 61) / 30 - 1;
  return values;
}

/// Marks what lies between the rows, or looks whether the marks still stand.
static void gaps(float *values, long rows, long columns, long stride, bool marks, const char *who) {
  for (long i = 0; i + 1 < rows && columns > 0; i++) {
    for (long j = columns; j < stride; j++) {
      if (marks) values[i * stride + j] = 7;
      else if (values[i * stride + j] != 7 && fault_count++ < 10) {
        printf("%s wrote between rows of %ld, in row %ld at %ld\n", who, columns, i, j);
      }
    }
  }
}

static void walk_product(
    const struct skein_kernels *kernels, long m, long n, long k, const long gap) {
  for (int transposes = 0; transposes < 4; transposes++) {
    bool ta = transposes % 2, tb = transposes / 2;
    long a_columns = ta ? m : k, b_columns = tb ? k : n;
    int begin = (int)((m + n + k) % 4);  // 0, one row, c itself, a matrix
    struct skein_product p = {
        .a = matrix(0, ta ? k : m, a_columns, a_columns + gap), .a_row = a_columns + gap,
        .transposed_a = ta,
        .b = matrix(1, tb ? n : k, b_columns, b_columns + gap), .b_row = b_columns + gap,
        .transposed_b = tb,
        .c = matrix(2, m, n, n + gap), .c_row = n + gap, .m = m, .n = n, .k = k,
        .rectifies = k % 2};
    if (begin == 1) p.start = matrix(3, 1, n, n);
    if (begin == 2) p.start = p.c, p.start_row = p.c_row;
    if (begin == 3) p.start = matrix(3, m, n, n + 5), p.start_row = n + 5;
    gaps(p.c, m, n, n + gap, true, "");
    kernels->product(&p);
    gaps(p.c, m, n, n + gap, false, "product");
  }
}

/// Packs a matrix [rows, columns] in two parts, and multiplies by it and by its transpose.
static void walk_panels(const struct skein_kernels *kernels, long m, long rows, long columns) {
  const long width = kernels->panel_columns, half = rows / 2;
  const float *w = matrix(0, rows, columns, columns);
  float *forward = matrix(1, 1, (rows + width - 1) / width * width * columns, 1 << 20);
  float *backward = matrix(2, 1, (columns + width - 1) / width * width * rows, 1 << 20);
  kernels->pack(w, columns, 0, half, 0, columns, rows, forward, backward);
  kernels->pack(w + half * columns, columns, half, rows - half, 0, columns, rows, forward,
                backward);
  struct skein_product p = {.packed_b = true, .m = m};
  p.a = matrix(3, m, columns, columns), p.a_row = p.k = columns;
  p.b = forward, p.b_row = columns, p.n = p.c_row = rows, p.c = matrix(4, m, rows, rows);
  kernels->product(&p);
  p.a = matrix(3, m, rows, rows), p.a_row = p.k = rows;
  p.b = backward, p.b_row = rows, p.n = p.c_row = columns, p.c = matrix(4, m, columns, columns);
  kernels->product(&p);
}

/// Copies two matrices with `rows` rows into panels, in two parts, and multiplies all but one of
/// their rows: every column of the one, but the first ones, by every column of the other.
static void walk_copies(const struct skein_kernels *kernels, long m, long n, long rows) {
  const long width = kernels->panel_columns, half = rows / 2, columns[2] = {m, n};
  // The last panel has whole vectors.
  const long lanes = width == 48 ? 16 : width == 16 ? 8 : 4;
  float *panels[2];
  for (int i = 0; i < 2; i++) {
    const float *x = matrix(0, rows, columns[i], columns[i]);
    panels[i] = matrix(1 + i, rows, (columns[i] + lanes - 1) / lanes * lanes,
                       (columns[i] + lanes - 1) / lanes * lanes);
    kernels->pack(x, columns[i], 0, half, 0, columns[i], rows, NULL, panels[i]);
    kernels->pack(x + half * columns[i], columns[i], half, rows - half, 0, columns[i], rows, NULL,
                  panels[i]);
  }
  const long first = m > 3 ? rows % 3 : 0;
  struct skein_product p = {
      .a = panels[0], .a_row = rows, .packed_a = true, .a_column = first, .a_columns = m,
      .b = panels[1], .b_row = rows, .packed_b = true, .first_row = rows > 1,
      .c = matrix(4, m - first, n, n), .c_row = n, .m = m - first, .n = n, .k = rows - (rows > 1)};
  kernels->product(&p);
}

static unsigned *words(int number, long count) { return array(number, 4 * count); }

static long whole(long count, long width) { return (count + width - 1) / width * width; }

/// Layers and gradients of bfloat16: a matrix [rows, columns] in two parts, and `m` samples in two
/// batch shards.
static void walk_bfloat16(const struct skein_bfloat16 *kernels, long m, long rows, long columns) {
  const long width = kernels->panel_columns, height = kernels->tile_rows, half = rows / 4 * 2;
  const float *w = matrix(0, rows, columns, columns);
  unsigned *forward = words(1, whole(rows, width) * ((columns + 1) / 2));
  unsigned *backward = words(2, whole(columns, width) * ((rows + 1) / 2));
  kernels->pack(w, columns, 0, half, 0, columns, rows, forward, backward);
  kernels->pack(w + half * columns, columns, half, rows - half, 0, columns, rows, forward,
                backward);
  struct skein_bfloat16_product p = {.m = m};
  p.a = matrix(3, m, columns, columns), p.a_row = p.k = columns;
  p.panels = forward, p.n = p.c_row = rows, p.c = matrix(4, m, rows, rows);
  p.slots = p.slot_count = (columns + 1) / 2;
  p.start = matrix(5, 1, rows, rows);
  kernels->product(&p);
  p.start = NULL;
  p.a = matrix(3, m, rows, rows), p.a_row = p.k = rows;
  p.panels = backward, p.n = p.c_row = columns, p.c = matrix(4, m, columns, columns);
  p.slots = p.slot_count = (rows + 1) / 2;
  kernels->product(&p);

  const long cut = m / 2, first = (cut + 1) / 2, slots = first + (m + 1) / 2 - cut / 2;
  unsigned *tiles = words(1, whole(rows, height) * slots);
  unsigned *panels = words(2, whole(columns, width) * slots);
  const float *dz = matrix(0, m, rows, rows), *x = matrix(3, m, columns, columns);
  kernels->pack_tiles(dz, rows, false, cut, rows, tiles, slots);
  kernels->pack_panels(x, columns, false, cut, columns, panels, slots);
  if (rows > 0 && m > cut) {
    kernels->pack_tiles(dz + cut * rows, rows, cut % 2, m - cut, rows, tiles + first * height,
                        slots);
  }
  if (columns > 0 && m > cut) {
    kernels->pack_panels(x + cut * columns, columns, cut % 2, m - cut, columns,
                         panels + first * width, slots);
  }
  struct skein_bfloat16_product d = {
      .tiles = tiles, .row = rows / 3, .panels = panels, .slots = slots, .m = rows - rows / 3,
      .n = columns, .c = matrix(4, rows - rows / 3, columns, columns), .c_row = columns};
  d.slot_count = first;
  kernels->product(&d);
  d.first_slot = first, d.slot_count = slots - first;
  kernels->product(&d);
}

static void walk_loops(const struct skein_kernels *kernels, long rows, long columns) {
  long stride = columns + rows % 2 * 3, count = rows * columns;
  for (int flag = 0; flag < 2; flag++) {
    kernels->sum_rows(matrix(0, rows, columns, stride), stride, rows, columns,
                      matrix(1, 1, columns, columns), flag);
  }
  void (*const functions[])(const float *, float *, long) = {
      kernels->exp,   kernels->softmax_exp, kernels->expm1, kernels->log,
      kernels->log1p, kernels->tanh,        kernels->erf};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    functions[i](matrix(0, 1, count, count), matrix(1, 1, count, count), count);
  }
  kernels->mask(matrix(0, 1, count, count), matrix(1, 1, count, count), count);
  unsigned char *bytes = array(0, count);
  memset(bytes, 200, (size_t)count);
  int *backwards = array(2, rows * (long)sizeof(int));
  for (long i = 0; i < rows; i++) backwards[i] = (int)(rows - 1 - i);
  kernels->convert_rows(bytes, rows, columns, backwards, rows, backwards, rows,
                        matrix(1, 1, count, count), 0.0039f, 1e-8f);
  if (rows > 0) kernels->reduce(matrix(0, rows, columns, stride), stride, rows, 0.5f, columns);

  float *p = matrix(0, rows, columns, stride), *v = matrix(1, rows, columns, stride);
  const float *g = matrix(2, rows, columns, columns);
  gaps(p, rows, columns, stride, true, "");
  gaps(v, rows, columns, stride, true, "");
  float *m = matrix(3, rows, columns, stride);
  gaps(m, rows, columns, stride, true, "");
  const struct skein_adam a = {0.1f, 0.99f, 0.01f, 1.5f, 1e-8f, 0.01f, 0.01f, 0.99f};
  for (long i = 0; i < rows; i++) {
    for (long j = 0; j < columns; j++) v[i * stride + j] *= v[i * stride + j];
  }
  bool is_finite = kernels->adam(p, m, v, stride, g, &a, rows, columns) &&
                   kernels->sgd_nesterov(p, v, stride, g, 0.1f, 0.9f, 0.01f, rows, columns) &&
                   isfinite(kernels->sum_of_squares(g, rows * columns));
  kernels->average(m, p, stride, 0.1f, rows, columns);
  gaps(m, rows, columns, stride, false, "an average");
  is_finite = is_finite && kernels->sgd(p, stride, g, 0.1f, 0.01f, rows, columns) &&
                   kernels->sgd_momentum(p, v, stride, g, 0.1f, 0.9f, 0.01f, rows, columns);
  gaps(p, rows, columns, stride, false, "a descent");
  gaps(v, rows, columns, stride, false, "a descent's velocity");
  if (!is_finite && fault_count++ < 10) printf("a descent met a number that isn't there\n");
}

/// Loops over scores; they refuse a label that is no class before they write anything.
static void walk_classes(const struct skein_kernels *kernels, long rows, long classes) {
  const long count = rows * classes;
  float *x = matrix(0, 1, count, count), *y = matrix(1, 1, count, count);
  float *losses = matrix(2, 1, rows, rows);
  int *labels = array(3, rows * (long)sizeof(int));
  for (int is_bad = 0; is_bad < 2; is_bad++) {
    for (long i = 0; i < rows; i++) labels[i] = classes > 0 ? (int)(i % classes) : 0;
    if (is_bad && rows > 0) labels[rows - 1] = rows % 2 ? (int)classes : -1;
    const bool is_fit = rows == 0 || (!is_bad && classes > 0);
    bool found = kernels->cross_entropy(x, labels, rows, classes, y, losses) == is_fit;
    for (int flag = 0; flag < 2; flag++) {
      found &= kernels->cross_entropy_gradient(y, labels, losses, rows, classes, x, flag) == is_fit;
    }
    found &= kernels->matches(x, labels, rows, classes, losses) == is_fit;
    if (!found && fault_count++ < 10) printf("%ld labels of %ld classes\n", rows, classes);
    for (long i = 0; i < rows; i++) losses[i] = 1;
    if (kernels->cross_entropy_gradient(y, labels, losses, rows, classes, x, false) != is_fit) {
      fault_count++;
    }
  }
}

int main(int argument_count, char **arguments) {
  const long step = argument_count > 1 ? atol(arguments[1]) : 1;
  if (step < 1) return fprintf(stderr, "usage: kernels [STEP], from 1 on\n"), 2;
  long page = sysconf(_SC_PAGESIZE);
  for (int i = 0; i < rooms; i++) {
    char *all = mmap(NULL, (size_t)(room_bytes + 2 * page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
    if (all == MAP_FAILED) return perror("mmap"), 1;
    room[i] = all + page;
    if (mprotect(room[i], room_bytes, PROT_READ | PROT_WRITE)) return perror("mprotect"), 1;
  }
  for (int level = 0; level < skein_bfloat16_levels; level++) {
    const struct skein_bfloat16 *kernels = skein_bfloat16(level);
    if (!kernels) continue;
    for (place = 0; place < places; place++) {
      for (long m = 0; m <= 19; m++) {
        for (long n = m % step; n <= 52; n += step) {
          for (long k = n % step; k <= 52; k += 3 * step) walk_bfloat16(kernels, m, n, k);
        }
      }
      walk_bfloat16(kernels, 67, 50, 29), walk_bfloat16(kernels, 9, 3, 2053);
      // Begins within a tile, has more rows than a block, and more slots than one pass.
      walk_bfloat16(kernels, 2100, 110, 3);
    }
    printf("%s, bfloat16: walked\n", kernels->name);
  }
  // Sizes around the tiles, and one more than each block of k.
  static const long rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17};
  static const long depths[] = {63, 64, 65, 70, 257, 1025};
  for (int level = 0; level < skein_kernel_levels; level++) {
    const struct skein_kernels *kernels = skein_kernels(level);
    if (!kernels) {
      printf("level %d: skipped, the processor lacks it\n", level);
      continue;
    }
    for (place = 0; place < places; place++) {
      for (long i = 0; i <= 20; i++) {
        for (long j = i % step; j <= 70; j += step) {
          walk_loops(kernels, i, j), walk_loops(kernels, j, i);
          walk_classes(kernels, i, j), walk_classes(kernels, j, i);
        }
      }
      for (long i = 0; i < (long)(sizeof rows / sizeof *rows); i++) {
        for (long n = i % step; n <= 70; n += step) {
          for (long k = n % step; k <= 35; k += step) {
            walk_product(kernels, rows[i], n, k, (rows[i] + n) % 2 * 3);
            walk_panels(kernels, rows[i], n, k);
            walk_copies(kernels, n, k, rows[i]), walk_copies(kernels, k, n, rows[i]);
          }
          for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
            walk_product(kernels, rows[i], n, depths[d], (rows[i] + n) % 2 * 3);
          }
        }
      }
    }
    // Rows so many and so long that products copy them, and classes in several blocks.
    for (place = 0; place < places; place++) {
      walk_classes(kernels, 17, 300), walk_classes(kernels, 150, 20);
      for (long m = 33; m <= 130; m += 97) {
        for (long n = 49; n <= 97; n += 48) {
          walk_product(kernels, m, n, 20, 1100), walk_product(kernels, m, n, 257, 1100);
          walk_panels(kernels, m, n, 20), walk_panels(kernels, m, n, 1025);
          walk_panels(kernels, m, 20, 1025);
          walk_copies(kernels, m, n, 1026), walk_copies(kernels, n, m, 3);
        }
      }
    }
    printf("%s: walked\n", kernels->name);
  }
  place = before_guard;
  for (int i = 0; i < rooms; i++) array(i, 0);  // frees what malloc gave
  return fault_count > 0;
}
