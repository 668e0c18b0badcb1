import COpenBLAS

/// Matrix products of row-major Floats: c = op(a) · op(b), added to what stands in c if asked.
///
/// OpenBLAS computes them: 0.05 µs for 10×16×10, 85 % of the machine's multiply-add peak when
/// large. `naive` is the reference that tests compare it with.
public enum MatrixProduct {
  /// Whether several threads may compute products at the same time.
  ///
  /// Debian's serial OpenBLAS build keeps its scratch memory in globals without a lock: products
  /// come out wrong now and then when two threads call it at once. Its pthread build is safe, and
  /// is held to one thread a call, because Skein's workers are the threads.
  public static let isSafeFromManyThreads: Bool = {
    openblas_set_num_threads(1)
    return openblas_get_parallel() != 0
  }()

  /// c[m, n] = op(a)[m, k] · op(b)[k, n], or c + that where `accumulates`.
  ///
  /// A transposed operand is stored the other way round: `a` as [k, m], `b` as [n, k].
  static func compute(
    _ a: UnsafePointer<Float>, transposedA: Bool = false, _ b: UnsafePointer<Float>,
    transposedB: Bool = false, into c: UnsafeMutablePointer<Float>, accumulates: Bool,
    m: Int, n: Int, k: Int
  ) {
    guard m > 0, n > 0 else { return }
    if k == 0 {
      if !accumulates { c.update(repeating: 0, count: m * n) }
      return
    }
    // Also holds the library to one thread, before the first product.
    _ = isSafeFromManyThreads
    cblas_sgemm(
      CblasRowMajor, transposedA ? CblasTrans : CblasNoTrans,
      transposedB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
      a, blasint(transposedA ? m : k), b, blasint(transposedB ? k : n), accumulates ? 1 : 0,
      c, blasint(n))
  }

  /// The same by three loops, summed in Double: the reference for tests.
  static func naive(
    _ a: UnsafePointer<Float>, transposedA: Bool = false, _ b: UnsafePointer<Float>,
    transposedB: Bool = false, into c: UnsafeMutablePointer<Float>, accumulates: Bool,
    m: Int, n: Int, k: Int
  ) {
    for i in 0..<m {
      for j in 0..<n {
        var sum = accumulates ? Double(c[i * n + j]) : 0
        for l in 0..<k {
          let x = transposedA ? a[l * m + i] : a[i * k + l]
          let y = transposedB ? b[j * k + l] : b[l * n + j]
          sum += Double(x) * Double(y)
        }
        c[i * n + j] = Float(sum)
      }
    }
  }
}
