// Numbers of bfloat16 for one set of vector instructions. Included by a file for each, after
// Vectors.h and its load_some, store_some and multiply_add. It may define
//   PAIRS_IN_HARDWARE   round_pairs, round_row and add_pairs are instructions that the file gives
//   FLUSHES_IN_MXCSR    fused multiply-adds flush where the register MXCSR says so
#pragma STDC FP_CONTRACT OFF

/// A vector of words, each of two numbers of bfloat16.
typedef unsigned words __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef unsigned four_words __attribute__((vector_size(16), aligned(4), may_alias));

INLINE words load_words(const unsigned *p) { return *(const words *)p; }
INLINE void store_words(unsigned *p, words x) { *(words *)p = x; }

/// x rounded to bfloat16, to nearest, ties to even, in the upper half; denormals become zeros of
/// their sign. A NaN stays one.
INLINE unsigned round_one(float x) {
  union {
    float number;
    unsigned bits;
  } u = {x};
  const unsigned magnitude = u.bits & 0x7FFFFFFF;
  if (magnitude < 0x00800000) return u.bits & 0x80000000;
  if (magnitude > 0x7F800000) return (u.bits | 0x00400000) & 0xFFFF0000;
  return (u.bits + 0x7FFF + (u.bits >> 16 & 1)) & 0xFFFF0000;
}

/// 0 for numbers that are denormal, with their sign.
INLINE vector flush(vector x) {
  const words bits = (words)x;
  const words is_normal = (words)((bits & 0x7FFFFFFF) >= 0x00800000);
  return (vector)(bits & (is_normal | 0x80000000));
}

#ifndef PAIRS_IN_HARDWARE
/// `round_one` lane by lane.
INLINE words round_bits(vector x) {
  const words bits = (words)x, magnitude = bits & 0x7FFFFFFF;
  const words is_nan = (words)(magnitude > 0x7F800000);
  const words is_normal = (words)(magnitude >= 0x00800000);
  words rounded = bits + 0x7FFF + (bits >> 16 & 1);
  rounded = (is_nan & (bits | 0x00400000)) | (~is_nan & rounded);
  return rounded & ((is_normal & 0xFFFF0000) | 0x80000000);
}

/// A word for each lane: x in the upper half, y in the lower one.
INLINE words round_pairs(vector x, vector y) { return round_bits(x) | round_bits(y) >> 16; }

/// A word for each two lanes of x, and of y behind it.
INLINE void round_row(vector x, vector y, unsigned *target) {
  typedef unsigned long long doubles __attribute__((vector_size(4 * LANES)));
  typedef unsigned half __attribute__((vector_size(2 * LANES), aligned(4), may_alias));
  const doubles a = (doubles)round_bits(x), b = (doubles)round_bits(y);
  *(half *)target = __builtin_convertvector((a & 0xFFFFFFFF) | a >> 48, half);
  *(half *)(target + LANES / 2) = __builtin_convertvector((b & 0xFFFFFFFF) | b >> 48, half);
}

INLINE vector upper(words x) { return (vector)(x & 0xFFFF0000); }
INLINE vector lower(words x) { return (vector)(x << 16); }

#ifdef FLUSHES_IN_MXCSR
INLINE vector add_flushed(vector x, vector y, vector sum) { return multiply_add(x, y, sum); }
#else
/// flush(fma(x, y, sum)): whether the result is tiny after rounding shows 2²⁴ times as far up, where
/// nothing is denormal that is not tiny.
INLINE vector add_flushed(vector x, vector y, vector sum) {
  const vector result = multiply_add(x, y, sum);
  const vector large = multiply_add(x * 0x1p24f, y, sum * 0x1p24f);
  const words is_tiny = (words)((large > -0x1p-102f) & (large < 0x1p-102f));
  return (vector)((words)result & (~is_tiny | 0x80000000));
}
#endif
#endif
