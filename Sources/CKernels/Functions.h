// Functions of one Float for each lane, for one set of instructions. Included by a file for each,
// after Vectors.h. Every step is one operation whose rounding is known: a fused multiply-add, or
// one sum, product or quotient. So all levels give the same bits, whatever their width.
//
// Errors against the exact result, in units in the last place, over every 61st Float: see Numerics.md.

INLINE vector as_floats(integers x) { return (vector)x; }
INLINE integers as_integers(vector x) { return (integers)x; }
INLINE vector magnitude(vector x) { return as_floats(as_integers(x) & 0x7fffffff); }
/// The magnitude of x, which is not negative, with the sign of `sign`.
INLINE vector with_sign(vector x, vector sign) {
  return as_floats(as_integers(x) | (as_integers(sign) & (int)0x80000000));
}
/// yes where `condition` has all bits set, no where it has none.
INLINE vector choose(integers condition, vector yes, vector no) {
  return as_floats((as_integers(yes) & condition) | (as_integers(no) & ~condition));
}
/// 2^n, for −126 ≤ n ≤ 127.
INLINE vector power_of_2(integers n) { return as_floats((n + 127) << 23); }

/// x = n · ln 2 + r with |r| ≤ ln 2 / 2, and e^r = 1 + r + r² · `square`.
struct reduced {
  integers n;
  vector r, square;
};

/// ln 2 is taken off in two parts, of which the first has few bits: n times it is exact.
INLINE struct reduced reduce_exponent(vector x) {
  // Adding 1.5 · 2²³ leaves the rounded integer in the low bits of the sum.
  vector shifted = multiply_add(x, splat(1.44269504f), splat(12582912));
  vector n = shifted - 12582912;
  struct reduced y;
  y.n = as_integers(shifted) - 0x4b400000;
  y.r = multiply_add(n, splat(-0.693359375f), x);
  y.r = multiply_add(n, splat(2.12194440e-4f), y.r);
  // Minimax, from Cephes' expf.c (S. Moshier, 1992).
  y.square = splat(1.98756915e-4f);
  y.square = multiply_add(y.square, y.r, splat(1.39819995e-3f));
  y.square = multiply_add(y.square, y.r, splat(8.33345191e-3f));
  y.square = multiply_add(y.square, y.r, splat(4.16657959e-2f));
  y.square = multiply_add(y.square, y.r, splat(1.66666655e-1f));
  y.square = multiply_add(y.square, y.r, splat(5.00000012e-1f));
  return y;
}

/// e^x. Results below the least normal number are rounded to a denormal one; NaN stays NaN.
INLINE vector exp_of(vector x) {
  vector clamped = choose(x > 89, splat(89), choose(x < -104, splat(-104), x));
  struct reduced y = reduce_exponent(clamped);
  vector power = multiply_add(y.square, y.r * y.r, y.r) + 1;
  // 2^n in two factors, because n goes from −150 to 128.
  integers half = y.n >> 1;
  return power * power_of_2(half) * power_of_2(y.n - half);
}

/// e^x for x ≤ 0, but 0 for x < −64. A softmax that is trained with needs no more: what is left out
/// is below 2⁻⁹², beside a 1 for the largest score. It and its products with weights may be denormal
/// numbers, which an Intel processor takes 100 times as long for.
INLINE vector softmax_exp_of(vector x) {
  struct reduced y = reduce_exponent(choose(x < -64, splat(-64), x));
  vector power = multiply_add(y.square, y.r * y.r, y.r) + 1;
  return keep(power * power_of_2(y.n), ~(x < -64));
}

/// e^x − 1, for x ≤ 88; infinity beyond. Near 0 it has the precision that subtracting would lose.
INLINE vector expm1_of(vector x) {
  vector clamped = choose(x > 88, splat(88), choose(x < -18, splat(-18), x));
  struct reduced y = reduce_exponent(clamped);
  vector scale = power_of_2(y.n);
  vector above = multiply_add(y.square, y.r * y.r, y.r);
  vector result = multiply_add(scale, above, scale - 1);
  return choose(x > 88, splat(__builtin_inff()), result);
}

/// ln x; −infinity for 0, NaN below 0.
INLINE vector log_of(vector x) {
  // Denormal numbers become normal ones.
  integers is_small = x < 1.17549435e-38f;
  vector scaled = choose(is_small, x * 8388608, x);
  // scaled = (1 + m) · 2^e with 1 + m in [√½, √2).
  integers offset = as_integers(scaled) - 0x3f3504f3;
  vector e = __builtin_convertvector((offset >> 23) - (is_small & 23), vector);
  vector m = as_floats((offset & 0x007fffff) + 0x3f3504f3) - 1;
  // Minimax, from Cephes' logf.c.
  vector p = splat(7.03768363e-2f);
  p = multiply_add(p, m, splat(-1.15146103e-1f));
  p = multiply_add(p, m, splat(1.16769987e-1f));
  p = multiply_add(p, m, splat(-1.24201408e-1f));
  p = multiply_add(p, m, splat(1.42493228e-1f));
  p = multiply_add(p, m, splat(-1.66680577e-1f));
  p = multiply_add(p, m, splat(2.00007148e-1f));
  p = multiply_add(p, m, splat(-2.49999940e-1f));
  p = multiply_add(p, m, splat(3.33333331e-1f));
  vector z = m * m;
  vector low = multiply_add(p * m, z, e * -2.12194440e-4f);
  low = multiply_add(z, splat(-0.5f), low);
  vector result = multiply_add(e, splat(0.693359375f), m + low);
  result = choose(x == 0, splat(-__builtin_inff()), result);
  result = choose(x < 0, splat(__builtin_nanf("")), result);
  return choose(x < __builtin_inff(), result, x);
}

/// ln(1 + x), for x ≥ 0: ln of the sum, and what the sum has lost.
INLINE vector log1p_of(vector x) {
  vector sum = 1 + x;
  vector lost = x - (sum - 1);
  return choose(x < __builtin_inff(), log_of(sum) + lost / sum, x);
}

/// tanh x: (e^2|x| − 1) / (e^2|x| + 1) with the sign of x, and an odd polynomial near 0.
INLINE vector tanh_of(vector x) {
  vector t = magnitude(x), z = x * x;
  // Minimax, from Cephes' tanhf.c.
  vector near = splat(-5.70498873e-3f);
  near = multiply_add(near, z, splat(2.06390888e-2f));
  near = multiply_add(near, z, splat(-5.37397156e-2f));
  near = multiply_add(near, z, splat(1.33314422e-1f));
  near = multiply_add(near, z, splat(-3.33332819e-1f));
  near = multiply_add(near * z, x, x);
  t = choose(t > 10, splat(10), t);
  vector above = expm1_of(t + t);
  return choose(t > 0.625f, with_sign(above / (above + 2), x), near);
}

/// 2/√π · ∫ e^−t² from 0 to x. Source: N. Juffa, "Efficient faithfully rounded implementation of
/// error function erff()", Stack Overflow, 2016.
INLINE vector erf_of(vector x) {
  vector t = magnitude(x), s = x * x;
  vector near = splat(-5.96761703e-4f);
  near = multiply_add(near, s, splat(4.99119423e-3f));
  near = multiply_add(near, s, splat(-2.67681349e-2f));
  near = multiply_add(near, s, splat(1.12819925e-1f));
  near = multiply_add(near, s, splat(-3.76125336e-1f));
  near = multiply_add(near, s, splat(1.28379166e-1f));
  near = multiply_add(near, x, x);
  vector far = multiply_add(splat(-1.72853470e-5f), t, splat(3.83197126e-4f));
  vector high = multiply_add(splat(-3.88396438e-3f), t, splat(2.42546219e-2f));
  far = multiply_add(far, s, high);
  far = multiply_add(far, t, splat(-1.06777877e-1f));
  far = multiply_add(far, t, splat(-6.34846687e-1f));
  far = multiply_add(far, t, splat(-1.28717512e-1f));
  far = multiply_add(far, t, -t);
  far = with_sign(1 - exp_of(far), x);
  // From 4 on the polynomial is not meant, and the result is 1.
  far = choose(t > 4, with_sign(splat(1), x), far);
  return choose(x == x, choose(t > 0.927734375f, far, near), x);
}

/// Writes FUNCTION of `count` elements of x to y, which may be x. An element's result does not
/// depend on its place.
#define EACH(NAME, FUNCTION)                                                                   \
  static void NAME(const float *x, float *y, long count) {                                     \
    long i = 0;                                                                                \
    for (; i + LANES <= count; i += LANES) store(y + i, FUNCTION(load(x + i)));                \
    if (i == count) return;                                                                    \
    const int rest = (int)(count - i);                                                         \
    store_some(y + i, FUNCTION(load_some(x + i, rest)), rest);                                 \
  }
EACH(exp_all, exp_of)
EACH(softmax_exp_all, softmax_exp_of)
EACH(expm1_all, expm1_of)
EACH(log_all, log_of)
EACH(log1p_all, log1p_of)
EACH(tanh_all, tanh_of)
EACH(erf_all, erf_of)
