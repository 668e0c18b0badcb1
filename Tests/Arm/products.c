// Products in all forms, over all small sizes and some that need several blocks.
#include "digest.h"

enum { room = 1 << 20 };
static float a[room], b[room], c[room], start[room], forward[room], backward[room];

struct size {
  long m, n, k, gap;
};

/// One product; what it starts with, and whether it rectifies, depend on its size.
static void multiply(
    const struct skein_kernels *kernels, struct digest *digest, int form, struct size size,
    float scale) {
  const long m = size.m, n = size.n, k = size.k, gap = size.gap;
  struct skein_product p = {.a = a, .b = b, .c = c, .m = m, .n = n, .k = k};
  p.transposed_a = form == a_transposed || form == both_transposed;
  p.transposed_b = form == b_transposed || form == both_transposed;
  const long a_columns = p.transposed_a ? m : k, b_columns = p.transposed_b ? k : n;
  p.a_row = a_columns + gap, p.b_row = b_columns + gap, p.c_row = n + gap;
  fill(a, (p.transposed_a ? k : m) * p.a_row, 1, scale);
  fill(b, (p.transposed_b ? n : k) * p.b_row, 2, scale);
  if (form == forward_panels || form == backward_panels) {
    // The matrix has the outputs of a forward pass as rows.
    const long rows = form == forward_panels ? n : k, columns = form == forward_panels ? k : n;
    const long half = rows / 2;
    fill(b, rows * columns, 2, scale);
    kernels->pack(b, columns, 0, half, 0, columns, rows, forward, backward);
    kernels->pack(b + half * columns, columns, half, rows - half, 0, columns, rows, forward,
                  backward);
    p.b = form == forward_panels ? forward : backward;
    p.b_row = k;
    p.packed_b = true;
  }
  // What stands between c's rows is part of the digest.
  fill(c, m * p.c_row, 3, scale * scale);
  switch ((m + 2 * n + k + form) % 4) {
    case 0: break;
    case 1: p.start = c, p.start_row = p.c_row; break;
    case 2: p.start = start, fill(start, n, 4, scale * scale); break;
    case 3:
      p.start = start, p.start_row = n + 1;
      fill(start, m * (n + 1), 5, scale * scale);
      break;
  }
  p.rectifies = (m + n / 2 + k) % 2;
  kernels->product(&p);
  add_floats(digest, c, m * p.c_row);
}

void small_products(const struct skein_kernels *kernels, struct digest *digest, int form) {
  for (long m = 1; m <= 17; m++) {
    for (long n = 1; n <= 50; n++) {
      for (long k = 0; k <= 17; k++) {
        multiply(kernels, digest, form, (struct size){m, n, k, (m + n + k) % 3}, 1);
      }
    }
  }
}

/// Sizes around the blocks of k, and rows so many and so long that they are copied.
void long_products(const struct skein_kernels *kernels, struct digest *digest, int form) {
  static const struct size sizes[] = {
      {1, 200, 300, 0},  {50, 1, 257, 0},   {20, 5, 16, 0},     {10, 16, 20, 0},  {32, 16, 784, 0},
      {16, 784, 32, 0},  {17, 256, 100, 0}, {64, 128, 256, 0},  {128, 784, 64, 0}, {9, 97, 64, 1},
      {4, 49, 255, 0},   {5, 47, 256, 0},   {6, 50, 513, 2},    {11, 9, 1025, 0}, {33, 96, 1030, 0},
      {3, 49, 2050, 3},  {65, 50, 30, 0},   {40, 30, 25, 1100}, {130, 97, 20, 1100},
      {130, 97, 300, 1100},
  };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct size size = sizes[i];
    // Every start, with and without relu.
    for (int more = 0; more < 8; more++, size.k++) multiply(kernels, digest, form, size, 1);
  }
}

/// Terms and sums below the least normal number, which a processor may not take for 0.
void denormal_products(const struct skein_kernels *kernels, struct digest *digest, int form) {
  for (long n = 1; n <= 50; n++) {
    for (long k = 1; k <= 40; k += 3) {
      multiply(kernels, digest, form, (struct size){9, n, k, 1}, 0x1p-66f);
      multiply(kernels, digest, form, (struct size){9, n, k, 1}, 0x1p-72f);
    }
  }
}
