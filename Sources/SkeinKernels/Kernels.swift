internal import CKernels
import SkeinFiles

/// The loops in C, for the vector instructions of this processor.
package enum Kernels {
  /// What every loop is taken from: at first what the processor does best.
  ///
  /// `nonisolated(unsafe)`, and without a check at each use: only `use` changes it, and that only
  /// in a process that computes nothing else meanwhile.
  @exclusivity(unchecked)
  nonisolated(unsafe) static var current = skein_best_kernels()

  /// The loops on bfloat16 for the same instructions, or for those with instructions of their own
  /// for it where these are faster. As `current`.
  @exclusivity(unchecked)
  nonisolated(unsafe) static var bfloat16 = bfloat16Kernels(of: current)

  /// The name of the set of instructions in use: "AVX-512", "AVX2", "NEON" or "baseline".
  ///
  /// No bit of a training depends on it: see Numerics.md.
  package static var level: String { name(current) }

  /// The name of the orders and formulas in Numerics.md. Runs that were begun by others end in
  /// other bits, so it changes with them.
  package static let numerics = "chains-2"

  /// The kernels of each level that this processor has, best first.
  private static var all: [UnsafePointer<skein_kernels>] {
    (0..<Int32(skein_kernel_levels)).compactMap { skein_kernels($0) }
  }

  private static func name(_ kernels: UnsafePointer<skein_kernels>) -> String {
    String(cString: kernels.pointee.name)
  }

  /// The names of the levels that this processor has, best first.
  static var levels: [String] { all.map(name) }

  /// Takes the loops of `level` from now on: how tests train on each level, in a process of their
  /// own. Returns false, and changes nothing, where the processor lacks it.
  static func use(_ level: String) -> Bool {
    guard let kernels = all.first(where: { name($0) == level }) else { return false }
    current = kernels
    bfloat16 = bfloat16Kernels(of: kernels)
    return true
  }

  /// The fastest loops on bfloat16 for the instructions of `kernels`.
  private static func bfloat16Kernels(
    of kernels: UnsafePointer<skein_kernels>
  ) -> UnsafePointer<skein_bfloat16> {
    let found = allBFloat16.first {
      let name = String(cString: $0.pointee.name)
      return skein_has_slow_pairs()
        ? name == self.name(kernels) : name.hasPrefix(self.name(kernels))
    }
    guard let found else { misuse("no loops on bfloat16 for \(name(kernels))") }
    return found
  }

  /// The loops on bfloat16 of each level that this processor has, the newest first.
  private static var allBFloat16: [UnsafePointer<skein_bfloat16>] {
    (0..<Int32(skein_bfloat16_levels)).compactMap { skein_bfloat16($0) }
  }

  /// Takes the loops on bfloat16 of level `name`, and all others as they are: for tests, as `use`.
  static func useBFloat16(_ name: String) -> Bool {
    guard let found = allBFloat16.first(where: { String(cString: $0.pointee.name) == name }) else {
      return false
    }
    bfloat16 = found
    return true
  }

  /// The names of the levels of loops on bfloat16 that this processor has, the newest first.
  static var bfloat16Levels: [String] { allBFloat16.map { String(cString: $0.pointee.name) } }
}
