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

  /// The weights [out, in], row by row, and the biases [out] of one layer.
  public func draw(
    inputs: Int, outputs: Int, from generator: inout MersenneTwister
  ) -> (weights: [Float], biases: [Float]) {
    let count = inputs * outputs
    let noBiases = [Float](repeating: 0, count: outputs)
    switch self {
    case .uniform(let lower, let upper):
      let weights = (0..<count).map { _ in generator.uniform(lower, upper) }
      return (weights, (0..<outputs).map { _ in generator.uniform(lower, upper) })
    case .normal(let mean, let deviation):
      let weights = generator.normal(count: count, mean: Double(mean), deviation: Double(deviation))
      return (
        weights, generator.normal(count: outputs, mean: Double(mean), deviation: Double(deviation))
      )
    case .xavier:
      let bound = Float(1 / Double(inputs).squareRoot())
      return ((0..<count).map { _ in generator.uniform(-bound, bound) }, noBiases)
    case .normalizedXavier:
      let bound = Float((6 / Double(inputs + outputs)).squareRoot())
      return ((0..<count).map { _ in generator.uniform(-bound, bound) }, noBiases)
    case .he:
      let deviation = (2 / Double(inputs)).squareRoot()
      return (generator.normal(count: count, mean: 0, deviation: deviation), noBiases)
    case .zeros:
      return ([Float](repeating: 0, count: count), noBiases)
    }
  }
}
