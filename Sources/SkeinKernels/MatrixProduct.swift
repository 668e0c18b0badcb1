internal import CKernels
internal import COneDNN
import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Matrix products of row-major Floats: c = start + op(a) · op(b).
///
/// Three programs share the work by a fixed rule, so that a shape always gives the same bits on one
/// processor: our own loops (`CKernels`) up to 400 million multiply-adds, unless both operands are
/// transposed, and oneDNN beyond. Where the processor has neither AVX2 nor AVX-512, OpenBLAS takes
/// our own loops' place up to `largestSmall`, where its kernels for small matrices end. GFLOP/s on
/// one Zen 5 core, whose multiply-adds alone reach 278, for x·Wᵀ / dy·W / dyᵀ·x; both libraries
/// copy their operands into an order of their own first, which only large products repay:
///
///     rows × in → out      CKernels           oneDNN 2.6         OpenBLAS 0.3.21 (AVX2)
///     20 × 16 → 16         114 / 130 / 127    32 / 43 / 44       43 / 53 / 68
///     32 × 784 → 16        239 / 243 / 250    118 / 224 / 236    81 / 97 / 97
///     32 × 256 → 128       225 / 251 / 241    191 / 246 / 246    98 / 101 / 118
///     32 × 784 → 256       240 / 253 / 254    201 / 247 / 253    100 / 102 / 120
///     256 × 784 → 2048     236 / 244 / 250    213 / 259 / 254    127 / 129 / 131
///     1024 × 2048 → 2048   191 / 244 / 229    246 / 252 / 256    128 / 129 / 128
///
/// `naive` is the reference that tests compare all three with.
public enum MatrixProduct {
  /// What the sums begin with.
  package enum Start {
    /// 0.
    case zero
    /// What stands in c.
    case result
    /// One row of n elements for all rows of c, such as a layer's biases.
    case row(UnsafePointer<Float>)
  }

  /// Whether several threads may compute products at the same time.
  ///
  /// Debian's serial OpenBLAS build keeps its scratch memory in globals without a lock: products
  /// come out wrong now and then when two threads call it at once. Its pthread build is safe, and
  /// is held to one thread a call, because Skein's workers are the threads.
  /// OpenBLAS does not matter where our own loops and oneDNN compute everything.
  public static let isSafeFromManyThreads: Bool = {
    if Kernels.current.pointee.product != nil && setThreadCount != nil { return true }
    return OpenBLAS.shared?.isSafeFromManyThreads ?? true
  }()

  /// The most multiply-adds m · n · k that OpenBLAS computes where our own loops do not.
  static let largestSmall = 1_000_000

  /// c[m, n] = start + op(a)[m, k] · op(b)[k, n]; negative results become 0 where `rectifies`.
  ///
  /// A transposed operand is stored the other way round: `a` as [k, m], `b` as [n, k].
  ///
  /// - Parameters:
  ///   - rowOfA: how many elements further the next stored row of `a` begins; nil where the rows
  ///     stand without gaps. So for `b`. `c` has no gaps.
  ///   - largestOwn: the most multiply-adds m · n · k that our own loops compute; tests bring less.
  package static func compute(
    _ a: UnsafePointer<Float>, transposedA: Bool = false, rowOfA: Int? = nil,
    _ b: UnsafePointer<Float>, transposedB: Bool = false, rowOfB: Int? = nil,
    into c: UnsafeMutablePointer<Float>, start: Start, m: Int, n: Int, k: Int,
    rectifies: Bool = false, largestOwn: Int = 400_000_000
  ) {
    guard m > 0, n > 0 else { return }
    let rowOfA = rowOfA ?? (transposedA ? m : k)
    let rowOfB = rowOfB ?? (transposedB ? k : n)
    if let product = Kernels.current.pointee.product, m * n * k <= largestOwn,
      !(transposedA && transposedB)
    {
      var arguments = skein_product(
        a: a, a_row: rowOfA, transposed_a: transposedA, b: b, b_row: rowOfB,
        transposed_b: transposedB, start: nil, start_row: 0, c: c, c_row: n, m: m, n: n, k: k,
        rectifies: rectifies)
      switch start {
      case .zero: break
      case .result: (arguments.start, arguments.start_row) = (UnsafePointer(c), n)
      case .row(let row): arguments.start = row
      }
      return product(&arguments)
    }
    var accumulates = false
    if case .result = start { accumulates = true }
    library(
      a, transposedA, rowOfA, b, transposedB, rowOfB, into: c, accumulates: accumulates, m: m,
      n: n, k: k)
    if case .row(let row) = start {
      Kernels.current.pointee.add_row(c, row, m, n, rectifies)
    } else if rectifies {
      Kernels.current.pointee.rectify(c, m * n)
    }
  }

  /// c or 0 + op(a) · op(b), by one of the two libraries.
  static func library(
    _ a: UnsafePointer<Float>, _ transposedA: Bool, _ rowOfA: Int, _ b: UnsafePointer<Float>,
    _ transposedB: Bool, _ rowOfB: Int, into c: UnsafeMutablePointer<Float>, accumulates: Bool,
    m: Int, n: Int, k: Int
  ) {
    if k == 0 {
      if !accumulates { c.update(repeating: 0, count: m * n) }
      return
    }
    if let setThreadCount, m * n * k > largestSmall {
      // OpenMP's count belongs to the calling thread; whatever the environment says, it is 1.
      setThreadCount(1)
      requireScratch()
      let status = dnnl_sgemm(
        transposedA ? letterT : letterN, transposedB ? letterT : letterN, Int64(m), Int64(n),
        Int64(k), 1, a, Int64(rowOfA), b, Int64(rowOfB), accumulates ? 1 : 0, c, Int64(n))
      if status == dnnl_success { return }
    }
    guard let blas = OpenBLAS.shared, blas.isSafeFromManyThreads || !isSafeFromManyThreads else {
      return naive(
        a, transposedA, rowOfA, b, transposedB, rowOfB, into: c, accumulates: accumulates, m: m,
        n: n, k: k)
    }
    blas.product(
      OpenBLAS.rowMajor, transposedA ? OpenBLAS.transposed : OpenBLAS.asItIs,
      transposedB ? OpenBLAS.transposed : OpenBLAS.asItIs, Int32(m), Int32(n), Int32(k), 1,
      a, Int32(rowOfA), b, Int32(rowOfB), accumulates ? 1 : 0, c, Int32(n))
  }

  /// Ends the process as other lacks of memory do where oneDNN would find none for its copies and
  /// its code: it does not look, and would end by a signal.
  private static func requireScratch() {
    // By mmap, since compilers take an unused malloc for one that succeeds; a few microseconds.
    let bytes = 40 << 20
    let memory = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { OutOfMemory.end(bytes: bytes) }
    munmap(memory, bytes)
  }

  private static let letterN = CChar(UInt8(ascii: "N"))
  private static let letterT = CChar(UInt8(ascii: "T"))

  /// `omp_set_num_threads` of the OpenMP that oneDNN was built with; nil for a build without
  /// OpenMP, whose threads nobody can hold: then OpenBLAS computes everything.
  private static let setThreadCount: (@convention(c) (Int32) -> Void)? = {
    guard let symbol = dlsym(nil, "omp_set_num_threads") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }()

  /// The same by three loops, summed in Double: the reference for tests, and what computes where
  /// there is no library.
  static func naive(
    _ a: UnsafePointer<Float>, transposedA: Bool = false, _ b: UnsafePointer<Float>,
    transposedB: Bool = false, into c: UnsafeMutablePointer<Float>, accumulates: Bool,
    m: Int, n: Int, k: Int
  ) {
    naive(
      a, transposedA, transposedA ? m : k, b, transposedB, transposedB ? k : n, into: c,
      accumulates: accumulates, m: m, n: n, k: k)
  }

  private static func naive(
    _ a: UnsafePointer<Float>, _ transposedA: Bool, _ rowOfA: Int, _ b: UnsafePointer<Float>,
    _ transposedB: Bool, _ rowOfB: Int, into c: UnsafeMutablePointer<Float>, accumulates: Bool,
    m: Int, n: Int, k: Int
  ) {
    for i in 0..<m {
      for j in 0..<n {
        var sum = accumulates ? Double(c[i * n + j]) : 0
        for l in 0..<k {
          let x = transposedA ? a[l * rowOfA + i] : a[i * rowOfA + l]
          let y = transposedB ? b[j * rowOfB + l] : b[l * rowOfB + j]
          sum += Double(x) * Double(y)
        }
        c[i * n + j] = Float(sum)
      }
    }
  }
}
