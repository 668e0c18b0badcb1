// Loops over Floats one by one, over all small sizes, and functions over Floats of all sizes.
#include <string.h>

#include "digest.h"

enum { most = 1 << 21 };
static float x[most], y[most], z[most];

void sums_of_batch_shards(const struct skein_kernels *kernels, struct digest *digest, int unused) {
  (void)unused;
  for (long sums = 1; sums <= 18; sums++) {
    for (long count = 0; count <= 70; count++) {
      fill(x, sums * (count + 5), 1, 1);
      kernels->reduce(x, count + 5, sums, 0.3f, count);
      add_floats(digest, x, count);
    }
  }
}

void descents(const struct skein_kernels *kernels, struct digest *digest, int has_momentum) {
  for (long rows = 1; rows <= 5; rows++) {
    for (long columns = 1; columns <= 50; columns++) {
      // With a gradient that becomes infinite, too.
      for (int scale = 0; scale < 2; scale++) {
        const long stride = columns + rows % 3;
        fill(x, rows * stride, 1, 1);
        fill(y, rows * stride, 2, 1);
        fill(z, rows * columns, 3, scale ? 0x1p127f : 1);
        const float rate = scale ? 4 : 0.1f;
        const bool is_finite =
            has_momentum ? kernels->sgd_momentum(x, y, stride, z, rate, 0.9f, 0.01f, rows, columns)
                         : kernels->sgd(x, stride, z, rate, 0.01f, rows, columns);
        add_bits(digest, is_finite);
        add_floats(digest, x, rows * stride);
        add_floats(digest, y, rows * stride);
      }
    }
  }
}

void adaptive_steps(const struct skein_kernels *kernels, struct digest *digest, int unused) {
  (void)unused;
  static float mean[5 * 64], other[5 * 64];
  const struct skein_adam a = {0.1f, 0.99f, 0.01f, 1.5f, 1e-8f, 0.01f, 0.01f, 0.99f};
  for (long rows = 1; rows <= 5; rows++) {
    for (long columns = 1; columns <= 50; columns++) {
      const long stride = columns + rows % 3;
      fill(x, rows * stride, 1, 1);
      fill(y, rows * stride, 2, 1);
      for (long i = 0; i < rows * stride; i++) y[i] *= y[i];
      fill(z, rows * columns, 3, 1);
      fill(mean, rows * stride, 4, 1);
      fill(other, rows * stride, 5, 1);
      add_bits(digest, kernels->adam(x, mean, y, stride, z, &a, rows, columns));
      add_bits(digest,
               kernels->sgd_nesterov(x, other, stride, z, 0.1f, 0.9f, 0.01f, rows, columns));
      kernels->average(other, x, stride, 0.3f, rows, columns);
      const float squares = (float)kernels->sum_of_squares(z, rows * columns);
      add_floats(digest, x, rows * stride);
      add_floats(digest, y, rows * stride);
      add_floats(digest, mean, rows * stride);
      add_floats(digest, other, rows * stride);
      add_floats(digest, &squares, 1);
    }
  }
}

void bytes_to_floats(const struct skein_kernels *kernels, struct digest *digest, int unused) {
  (void)unused;
  unsigned char bytes[512];
  for (int i = 0; i < 512; i++) bytes[i] = (unsigned char)(i * 37);
  static const double scales[] = {1, 2, 3, 100, 255, 256, 4096};
  for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
    // As ByteScale: 16 bits of 1 / scale, and what they lack.
    float high = (float)(1 / scales[i]);
    uint32_t bits;
    memcpy(&bits, &high, sizeof bits);
    bits &= 0xffffff00;
    memcpy(&high, &bits, sizeof high);
    const float low = (float)(1 / scales[i] - (double)high);
    for (long width = 1; width <= 512; width += width < 70 ? 1 : 34) {
      const int all = (int)(512 / width), rows[] = {all - 1, 0, all / 2, all - 1};
      kernels->convert_rows(bytes, all, width, rows, 4, 0, 0, x, high, low);
      add_floats(digest, x, 4 * width);
    }
  }
}

void masks(const struct skein_kernels *kernels, struct digest *digest, int unused) {
  (void)unused;
  static const float special[] = {0, -0.0f, __builtin_nanf(""), 0x1p-149f, -0x1p-149f};
  for (long count = 0; count <= 100; count++) {
    fill(x, count, 1, 1);
    fill(y, count, 2, 1);
    for (long i = 0; i < count; i += 3) y[i] = special[(i + count) % 5];
    kernels->mask(x, y, count);
    add_floats(digest, x, count);
  }
}

void sums_of_rows(const struct skein_kernels *kernels, struct digest *digest, int accumulates) {
  for (long rows = 0; rows <= 20; rows++) {
    for (long columns = 0; columns <= 70; columns++) {
      const long stride = columns + rows % 4;
      fill(x, rows * stride, 1, 1);
      fill(y, columns, 2, 1);
      kernels->sum_rows(x, stride, rows, columns, y, accumulates);
      add_floats(digest, y, columns);
    }
  }
}

void scores(const struct skein_kernels *kernels, struct digest *digest, int unused) {
  (void)unused;
  static int labels[64];
  static const float special[] = {0, -0.0f, __builtin_nanf(""), __builtin_inff(), -90, 2, 2};
  for (long rows = 0; rows <= 37; rows++) {
    for (long classes = 1; classes <= 150; classes += classes < 20 ? 1 : 13) {
      const long count = rows * classes;
      fill(x, count, (uint32_t)classes, 8);
      // Equal scores, and for some sizes what is no number.
      for (long i = 0; i < count; i += 5) x[i] = special[(i + rows) % (rows % 3 ? 7 : 2)];
      for (long i = 0; i < rows; i++) labels[i] = (int)(scrambled((uint32_t)i) % classes);
      float *losses = z, *slopes = z + 100;
      add_bits(digest, kernels->cross_entropy(x, labels, rows, classes, y, losses));
      add_floats(digest, y, count);
      add_floats(digest, losses, rows);
      add_bits(digest, kernels->matches(x, labels, rows, classes, losses));
      add_floats(digest, losses, rows);
      for (int accumulates = 0; accumulates < 2; accumulates++) {
        fill(slopes, rows, 3, 1);
        add_bits(digest, kernels->cross_entropy_gradient(y, labels, slopes, rows, classes, x,
                                                         accumulates));
        add_floats(digest, x, count);
      }
    }
  }
}

void functions(const struct skein_kernels *kernels, struct digest *digest, int function) {
  void (*const all[])(const float *, float *, long) = {
      [of_exp] = kernels->exp,       [of_softmax_exp] = kernels->softmax_exp,
      [of_expm1] = kernels->expm1,   [of_log] = kernels->log,
      [of_log1p] = kernels->log1p,   [of_tanh] = kernels->tanh,
      [of_erf] = kernels->erf};
  // One of every 4096 neighbouring Floats: denormal numbers, infinities and NaN too.
  const long count = 1 << 20;
  for (long i = 0; i < count; i++) {
    const uint32_t bits = (uint32_t)i << 12 | scrambled((uint32_t)i) >> 20;
    memcpy(x + i, &bits, sizeof bits);
  }
  all[function](x, y, count);
  add_floats(digest, y, count);
  // Most results above are 0, 1 or infinity; these are not.
  fill(x, count, 1, 16);
  all[function](x, y, count);
  add_floats(digest, y, count);
  const float special[] = {0,        -0.0f,     1,       -1,       0x1p-149f, -0x1p-149f,
                           0x1p-126f, 0x1p127f, 0.625f,  -0.625f,  10,        88,
                           89,       -103,      -104,    4,        0.927734375f,
                           -64,      -0x1.000002p6f,
                           __builtin_inff(),    -__builtin_inff(), __builtin_nanf("")};
  const long specials = sizeof special / sizeof *special;
  for (long first = 0; first < specials; first++) {
    for (long length = 0; length <= specials - first; length++) {
      all[function](special + first, y, length);
      add_floats(digest, y, length);
    }
  }
}
