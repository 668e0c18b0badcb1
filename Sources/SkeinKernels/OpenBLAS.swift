#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// OpenBLAS, loaded when it is first needed: most processors never need it.
///
/// Loaded with the program, its start-up code begins a thread per core, and where the system
/// refuses one it ends the process before `main`.
struct OpenBLAS: Sendable {
  typealias Product =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  /// The numbers of `cblas.h`.
  static let rowMajor: Int32 = 101
  static let asItIs: Int32 = 111
  static let transposed: Int32 = 112

  /// `cblas_sgemm`.
  let product: Product
  /// Its name and version.
  let description: String
  /// Whether several threads may call it at the same time.
  let isSafeFromManyThreads: Bool

  /// Nil where it isn't installed or has no room.
  static let shared: OpenBLAS? = {
    // Skein's workers are the threads.
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    let names = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"]
    let library = names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
    guard let library, let product = dlsym(library, "cblas_sgemm"),
      let parallel = dlsym(library, "openblas_get_parallel"),
      let config = dlsym(library, "openblas_get_config"),
      let setThreads = dlsym(library, "openblas_set_num_threads")
    else { return nil }
    unsafeBitCast(setThreads, to: (@convention(c) (Int32) -> Void).self)(1)
    let text = unsafeBitCast(
      config, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    return OpenBLAS(
      product: unsafeBitCast(product, to: Product.self),
      description: text.map { String(cString: $0) } ?? "OpenBLAS",
      isSafeFromManyThreads:
        unsafeBitCast(parallel, to: (@convention(c) () -> Int32).self)() != 0)
  }()
}
