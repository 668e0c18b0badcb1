import SkeinRandom

/// The distribution that weights and biases start from.
///
/// A layer draws its weights [out, in] row by row, then its biases, from the run's one generator,
/// so that the same PyTorch script starts from the same numbers. Initializers whose biases are zero
/// draw nothing for them.
public enum Initializer: Hashable, Sendable {
  /// Weights and biases from U[lower, upper); the lecture's is U[−0.5, 0.5).
  case uniform(Float, Float)
  /// Weights and biases from N(mean, deviation²).
  case normal(mean: Float, deviation: Float)
  /// Weights from U[−1/√in, 1/√in), biases zero.
  ///
  /// Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", 2010, equation 1.
  case xavier
  /// Weights from U[−√(6/(in + out)), √(6/(in + out))), biases zero; equation 16 there.
  case normalizedXavier
  /// Weights from N(0, 2/in), biases zero.
  ///
  /// Source: He et al., "Delving Deep into Rectifiers", 2015, equation 10.
  case he
  /// All zero: every neuron of a layer then learns the same thing, which is worth seeing once.
  case zeros

  /// The lecture's choice.
  public static let lecture = Initializer.uniform(-0.5, 0.5)

  /// The name in job files.
  public var name: String {
    switch self {
    case .uniform: "uniform"
    case .normal: "normal"
    case .xavier: "xavier"
    case .normalizedXavier: "normalizedXavier"
    case .he: "he"
    case .zeros: "zeros"
    }
  }

  /// The first values of a parameter with `role`, `count` numbers of them: weights [out, in] row by
  /// row, biases [out].
  public func draw(
    _ role: ParameterRole, count: Int, from generator: inout MersenneTwister
  ) -> [Float] {
    switch (role, self) {
    case (.slope(let value), _): [Float](repeating: value, count: count)
    case (_, .uniform(let lower, let upper)):
      (0..<count).map { _ in generator.uniform(lower, upper) }
    case (_, .normal(let mean, let deviation)):
      generator.normal(count: count, mean: Double(mean), deviation: Double(deviation))
    case (.bias, _), (.weight, .zeros): [Float](repeating: 0, count: count)
    case (.weight(let inputs, _), .xavier):
      Self.uniform(Float(1 / Double(inputs).squareRoot()), count, from: &generator)
    case (.weight(let inputs, let outputs), .normalizedXavier):
      Self.uniform(Float((6 / Double(inputs + outputs)).squareRoot()), count, from: &generator)
    case (.weight(let inputs, _), .he):
      generator.normal(count: count, mean: 0, deviation: (2 / Double(inputs)).squareRoot())
    }
  }

  /// `count` numbers from U[−bound, bound).
  private static func uniform(
    _ bound: Float, _ count: Int, from generator: inout MersenneTwister
  ) -> [Float] {
    (0..<count).map { _ in generator.uniform(-bound, bound) }
  }
}
