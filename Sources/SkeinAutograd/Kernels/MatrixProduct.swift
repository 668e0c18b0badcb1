import COneDNN
import COpenBLAS

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Matrix products of row-major Floats: c = op(a) · op(b), added to what stands in c if asked.
///
/// Two libraries share the work by a fixed rule, so that a shape always gives the same bits: OpenBLAS
/// up to `largestSmall` multiply-adds, where its kernels for small matrices end, and oneDNN beyond.
/// Measured on one Zen 4 core, time of OpenBLAS over time of oneDNN, for x·Wᵀ / dy·W / dyᵀ·x:
///
///     rows × in → out      multiply-adds   ratio
///     20 × 16 → 16         5 k             0.49 / 0.32 / 0.30
///     32 × 784 → 16        0.4 M           0.50 / 0.88 / 0.94
///     32 × 256 → 128       1.0 M           1.09 / 1.20 / 1.13
///     32 × 784 → 256       6.4 M           1.19 / 1.23 / 1.13
///     128 × 2048 → 2048    537 M           1.11 / 1.16 / 1.20
///     1024 × 2048 → 2048   4.3 G           1.06 / 1.06 / 1.07
///
/// `naive` is the reference that tests compare both with.
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

  /// The most multiply-adds m · n · k that OpenBLAS computes.
  static let largestSmall = 1_000_000

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
    if let setThreadCount, m * n * k > largestSmall {
      // OpenMP's count belongs to the calling thread; whatever the environment says, it is 1.
      setThreadCount(1)
      let status = dnnl_sgemm(
        transposedA ? letterT : letterN, transposedB ? letterT : letterN, Int64(m), Int64(n),
        Int64(k), 1, a, Int64(transposedA ? m : k), b, Int64(transposedB ? k : n),
        accumulates ? 1 : 0, c, Int64(n))
      if status == dnnl_success { return }
    }
    // Also holds the library to one thread, before the first product.
    _ = isSafeFromManyThreads
    cblas_sgemm(
      CblasRowMajor, transposedA ? CblasTrans : CblasNoTrans,
      transposedB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
      a, blasint(transposedA ? m : k), b, blasint(transposedB ? k : n), accumulates ? 1 : 0,
      c, blasint(n))
  }

  private static let letterN = CChar(UInt8(ascii: "N"))
  private static let letterT = CChar(UInt8(ascii: "T"))

  /// `omp_set_num_threads` of the OpenMP that oneDNN was built with; nil for a build without OpenMP,
  /// whose threads nobody can hold: then OpenBLAS computes everything.
  private static let setThreadCount: (@convention(c) (Int32) -> Void)? = {
    guard let symbol = dlsym(nil, "omp_set_num_threads") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }()

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
