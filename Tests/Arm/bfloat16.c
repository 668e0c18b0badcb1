// Products of operands rounded to bfloat16: of a layer's passes and of its weights' gradients.
#include <string.h>

#include "digest.h"

enum { room = 1 << 16 };
static float a[room], w[room], c[room], start[room];
static unsigned forward[room], backward[room];

/// Fills x: with usual numbers, with such whose products are around the least normal number, or
/// with any bits.
static void fill_kind(float *x, long count, uint32_t seed, int kind) {
  if (kind == usual_numbers) {
    fill(x, count, seed, 1);
    return;
  }
  for (long i = 0; i < count; i++) {
    uint32_t bits = scrambled((uint32_t)i * 2654435761u + seed);
    if (kind == tiny_numbers) bits = (bits & 0x807fffff) | (40 + (bits >> 8) % 40) << 23;
    memcpy(x + i, &bits, sizeof bits);
  }
}

static void multiply(
    const struct skein_bfloat16 *kernels, struct digest *digest, int kind, long m, long n,
    long k) {
  const long half = n / 4 * 2, width = kernels->panel_columns, height = kernels->tile_rows;
  fill_kind(a, m * k, 1, kind), fill_kind(w, n * k, 2, kind), fill_kind(start, m * n, 3, kind);
  kernels->pack(w, k, 0, half, 0, k, n, forward, backward);
  kernels->pack(w + half * k, k, half, n - half, 0, k, n, forward, backward);
  struct skein_bfloat16_product p = {
      .a = a, .a_row = k, .panels = forward, .slots = (k + 1) / 2, .slot_count = (k + 1) / 2,
      .k = k, .start = m % 3 ? start : NULL, .start_row = m % 3 == 1 ? n : 0, .c = c, .c_row = n,
      .m = m, .n = n, .rectifies = k % 2};
  kernels->product(&p);
  add_floats(digest, c, m * n);
  struct skein_bfloat16_product q = {
      .a = start, .a_row = n, .panels = backward, .slots = (n + 1) / 2,
      .slot_count = (n + 1) / 2, .k = n, .c = c, .c_row = k, .m = m, .n = k};
  kernels->product(&q);
  add_floats(digest, c, m * k);
  // The gradient of w, of m samples in two batch shards.
  const long cut = m / 2, first = (cut + 1) / 2, slots = first + (m + 1) / 2 - cut / 2;
  kernels->pack_tiles(start, n, false, cut, n, forward, slots);
  kernels->pack_panels(a, k, false, cut, k, backward, slots);
  kernels->pack_tiles(
      start + cut * n, n, cut % 2, m - cut, n, forward + first * height, slots);
  kernels->pack_panels(a + cut * k, k, cut % 2, m - cut, k, backward + first * width, slots);
  struct skein_bfloat16_product d = {
      .tiles = forward, .panels = backward, .slots = slots, .c = c, .c_row = k, .m = n, .n = k};
  for (int shard = 0; shard < 2; shard++) {
    d.first_slot = shard ? first : 0;
    d.slot_count = shard ? slots - first : first;
    kernels->product(&d);
    add_floats(digest, c, n * k);
  }
}

void bfloat16_products(const struct skein_kernels *kernels, struct digest *digest, int kind) {
  for (int level = 0; level < skein_bfloat16_levels; level++) {
    const struct skein_bfloat16 *found = skein_bfloat16(level);
    // The best loops for these instructions: AVX-512 may have BF16 too.
    if (!found || strncmp(found->name, kernels->name, strlen(kernels->name))) continue;
    for (long m = 1; m <= 17; m++) {
      for (long n = 1; n <= 50; n += n < 18 ? 1 : 5) {
        for (long k = 1; k <= 50; k += k < 10 ? 1 : 7) multiply(found, digest, kind, m, n, k);
      }
    }
    multiply(found, digest, kind, 5, 20, 1029), multiply(found, digest, kind, 67, 97, 30);
    break;
  }
}
