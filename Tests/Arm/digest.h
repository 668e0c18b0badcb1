// What the programs of this folder share: numbers to compute with, and digests of what comes out.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CKernels.h"

/// A digest of Floats by their bits. Every NaN counts as the same one: which bits a NaN has depends
/// on the processor.
struct digest {
  uint64_t state;
  long count;
};

static inline void add_bits(struct digest *digest, uint32_t bits) {
  // FNV's step, on words.
  digest->state = (digest->state ^ bits) * 0x100000001b3;
  digest->state ^= digest->state >> 29;
  digest->count++;
}

static inline void add_floats(struct digest *digest, const float *x, long count) {
  for (long i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, sizeof bits);
    add_bits(digest, x[i] == x[i] ? bits : 0x7fc00000);
  }
}

/// 32 bits that depend on all bits of `number`, and on nothing else: MurmurHash3's last step.
static inline uint32_t scrambled(uint32_t number) {
  number = (number ^ number >> 16) * 0x85ebca6b;
  number = (number ^ number >> 13) * 0xc2b2ae35;
  return number ^ number >> 16;
}

/// Fills x with multiples of 2⁻²³ · `scale` in ±`scale`, a power of 2: the same on every machine.
static inline void fill(float *x, long count, uint32_t seed, float scale) {
  for (long i = 0; i < count; i++) {
    const int32_t bits = (int32_t)scrambled((uint32_t)i * 2654435761u + seed);
    x[i] = (float)(bits >> 8) * 0x1p-23f * scale;
  }
}

/// A loop that is compared, and what it is compared over. A new one needs a line in digests.c.
struct comparison {
  const char *name;
  void (*run)(const struct skein_kernels *kernels, struct digest *digest, int argument);
  int argument;
};

// products.c: `argument` is a form.
enum { plain, a_transposed, b_transposed, both_transposed, forward_panels, backward_panels, forms };
void small_products(const struct skein_kernels *kernels, struct digest *digest, int form);
void long_products(const struct skein_kernels *kernels, struct digest *digest, int form);
void denormal_products(const struct skein_kernels *kernels, struct digest *digest, int form);

// bfloat16.c: `argument` is what is multiplied.
enum { usual_numbers, tiny_numbers, any_numbers };
void bfloat16_products(const struct skein_kernels *kernels, struct digest *digest, int kind);

// loops.c
void sums_of_batch_shards(const struct skein_kernels *kernels, struct digest *digest, int);
void descents(const struct skein_kernels *kernels, struct digest *digest, int has_momentum);
void adaptive_steps(const struct skein_kernels *kernels, struct digest *digest, int);
void bytes_to_floats(const struct skein_kernels *kernels, struct digest *digest, int);
void masks(const struct skein_kernels *kernels, struct digest *digest, int);
void sums_of_rows(const struct skein_kernels *kernels, struct digest *digest, int accumulates);
void scores(const struct skein_kernels *kernels, struct digest *digest, int);
enum { of_exp, of_softmax_exp, of_expm1, of_log, of_log1p, of_tanh, of_erf };
void functions(const struct skein_kernels *kernels, struct digest *digest, int function);

// training.c: `argument` is a job's number.
void training(const struct skein_kernels *kernels, struct digest *digest, int job);
