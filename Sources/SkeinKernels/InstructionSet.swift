/// The sets of instructions that the loops in C are written for, best first.
package enum InstructionSet: String, CaseIterable, Sendable {
  case avx512, avx2, neon, baseline

  /// Its name in texts, such as "AVX-512".
  package var name: String {
    switch self {
    case .avx512: "AVX-512"
    case .avx2: "AVX2"
    case .neon: "NEON"
    case .baseline: "baseline"
    }
  }

  /// Those that this processor has.
  package static var present: [InstructionSet] {
    let levels = Kernels.levels
    return allCases.filter { levels.contains($0.name) }
  }
}

extension Kernels {
  /// Takes the loops for `instructions` from now on: how `skein verify` compares them, between two
  /// trainings. Returns false, and changes nothing, where the processor lacks them.
  ///
  /// - Precondition: nothing else computes meanwhile, and what has packed its weights for other
  ///   loops is not used again.
  package static func use(_ instructions: InstructionSet) -> Bool { use(instructions.name) }
}
