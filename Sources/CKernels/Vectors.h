// Vectors of LANES Floats, for the instructions of the file that includes this one.
#include <stdbool.h>
#include <string.h>

// A product and a sum are two roundings, unless `multiply_add` says otherwise.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

/// At any address that a Float may have.
typedef float vector __attribute__((vector_size(4 * LANES), aligned(4)));
/// What comparing two vectors gives: lanes of all bits or none.
typedef int integers __attribute__((vector_size(4 * LANES)));
typedef float quad __attribute__((vector_size(16), aligned(4)));

INLINE vector splat(float x) { return x - (vector){0}; }
INLINE vector load(const float *p) { return *(const vector *)p; }
INLINE void store(float *p, vector x) { *(vector *)p = x; }

/// Lets the compiler forget where a number comes from.
#define HIDE_ORIGIN(KIND, X) __asm__("" : "+" KIND(X))

/// *p in all lanes, to be multiplied by.
INLINE vector broadcast(const float *p) {
  float x = *p;
#if defined(__aarch64__)
  // NEON multiplies by one lane of a vector. clang would rather load into all lanes, which takes a
  // vector unit's time away from multiply-adds.
  HIDE_ORIGIN("w", x);
#endif
  return splat(x);
}
/// The distance of row `i`, to be added to an address while it loads. clang would rather compute
/// each row's address from the one before, and one sum after the other takes as long as 8
/// multiply-adds: a tile of one vector was 1.4 times as slow (AVX-512, 32 × 16 × 784).
INLINE long row_offset(long i, long row) {
  long offset = i * row;
  // A constant takes no register.
  if (!__builtin_constant_p(offset)) HIDE_ORIGIN("r", offset);
  return offset;
}

INLINE quad load4(const float *p) { return *(const quad *)p; }
INLINE void store4(float *p, quad x) { *(quad *)p = x; }
INLINE quad load4_some(const float *p, const int count) {
  if (count == 4) return load4(p);
  // Lane by lane and not in a loop, for which the vector would have to be in memory.
  quad x = {0};
  if (count > 0) x[0] = p[0];
  if (count > 1) x[1] = p[1];
  if (count > 2) x[2] = p[2];
  return x;
}
INLINE void store4_some(float *p, quad x, const int count) {
  if (count == 4) {
    store4(p, x);
    return;
  }
  if (count > 0) p[0] = x[0];
  if (count > 1) p[1] = x[1];
  if (count > 2) p[2] = x[2];
}

/// Turns four rows of four numbers round.
INLINE void turn(quad *w, quad *x, quad *y, quad *z) {
  const quad wx_low = __builtin_shufflevector(*w, *x, 0, 4, 1, 5);
  const quad wx_high = __builtin_shufflevector(*w, *x, 2, 6, 3, 7);
  const quad yz_low = __builtin_shufflevector(*y, *z, 0, 4, 1, 5);
  const quad yz_high = __builtin_shufflevector(*y, *z, 2, 6, 3, 7);
  *w = __builtin_shufflevector(wx_low, yz_low, 0, 1, 4, 5);
  *x = __builtin_shufflevector(wx_low, yz_low, 2, 3, 6, 7);
  *y = __builtin_shufflevector(wx_high, yz_high, 0, 1, 4, 5);
  *z = __builtin_shufflevector(wx_high, yz_high, 2, 3, 6, 7);
}

/// x where `condition` has all bits set, 0 where it has none.
INLINE vector keep(vector x, integers condition) { return (vector)((integers)x & condition); }

/// max(x, 0); a NaN stays one.
INLINE vector positive(vector x) { return keep(x, ~(x < 0)); }
