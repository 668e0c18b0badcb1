import SkeinAutograd

@testable import SkeinFiles
@testable import SkeinModel

/// One case of ops.json: an op, its inputs, and what PyTorch gives for them.
struct OpCase: Decodable, CustomStringConvertible {
  struct Array: Decodable {
    let shape: [Int]
    let values: [Float]
  }

  struct Attributes: Decodable {
    let exponent, slope, alpha, delta: Float?
    let axis: Int?
    let shape, rows, columns, labels: [Int]?
    let reduction: String?
    let smoothing: Float?
    let weights: [Float]?
  }

  let op: String
  let attributes: Attributes
  let inputs: [Array]
  let output, outputGradient: Array
  let inputGradients: [Array]

  var description: String {
    "\(op) of \(inputs.map { Shape($0.shape) })"
  }

  /// The largest axis: the number of products that can meet in one element in Float (sums over
  /// everything are made in Double).
  var terms: Int { (inputs + [output]).flatMap(\.shape).max() ?? 1 }

  /// Our op on `x`; nil where the name, or what belongs to it, is unknown.
  func callAsFunction(_ x: [Tensor]) -> Tensor? {
    switch op {
    case "sum", "mean", "max", "transpose", "reshape", "gatherRows", "gatherElements",
      "concatenate", "matmul", "linear":
      rearranged(x)
    case "negativeLogLikelihood", "negativeLogLikelihoodOfLogProbabilities", "crossEntropy",
      "meanSquaredError", "meanSquaredErrorOfClasses", "meanAbsoluteError", "huber",
      "smoothedCrossEntropy":
      loss(x)
    case "weighted": weighted(x)
    default: elementwise(x) ?? activated(x)
    }
  }

  private func elementwise(_ x: [Tensor]) -> Tensor? {
    switch op {
    case "add": x[0] + x[1]
    case "subtract": x[0] - x[1]
    case "multiply": x[0] * x[1]
    case "divide": x[0] / x[1]
    case "negate": -x[0]
    case "pow": attributes.exponent.map { x[0].pow($0) }
    case "exp": x[0].exp()
    case "log": x[0].log()
    case "sqrt": x[0].sqrt()
    case "softmax": x[0].softmax()
    case "logSoftmax": x[0].logSoftmax()
    default: nil
    }
  }

  /// By the names of job files, through the model's own table.
  private func activated(_ x: [Tensor]) -> Tensor? {
    let activation: Activation? =
      switch op {
      case "leakyRelu": attributes.slope.map { .leakyRelu(slope: $0) }
      case "elu": attributes.alpha.map { .elu(alpha: $0) }
      default: Activation.all.first { $0.name == op }
      }
    return activation?.record(x[0], [Tensor](x.dropFirst()))
  }

  private func rearranged(_ x: [Tensor]) -> Tensor? {
    switch (op, attributes.axis) {
    case ("sum", let axis?): x[0].sum(axis: axis)
    case ("sum", nil): x[0].sum()
    case ("mean", let axis?): x[0].mean(axis: axis)
    case ("mean", nil): x[0].mean()
    case ("max", let axis?): x[0].max(axis: axis)
    case ("max", nil): x[0].max()
    case ("matmul", nil): x[0].matmul(x[1])
    case ("linear", nil): x[0].linear(weight: x[1], bias: x[2])
    case ("transpose", nil): x[0].transposed
    case ("reshape", nil): attributes.shape.map { x[0].reshape(Shape($0)) }
    case ("gatherRows", nil): attributes.rows.map { x[0][$0] }
    case ("gatherElements", nil):
      attributes.rows.flatMap { rows in attributes.columns.map { x[0][rows, $0] } }
    case ("concatenate", let axis?): Tensor.concatenate(x, axis: axis)
    default: nil
    }
  }

  private func loss(_ x: [Tensor]) -> Tensor? {
    let reductions: [String: Reduction] = ["sum": .sum, "mean": .mean]
    guard let reduction = attributes.reduction.flatMap({ reductions[$0] }) else { return nil }
    if op == "meanSquaredError" { return x[0].meanSquaredError(x[1], reduction: reduction) }
    if op == "meanAbsoluteError" {
      let weights = x.count > 2 ? x[2] : nil
      return x[0].meanAbsoluteError(x[1], weights: weights, reduction: reduction)
    }
    if op == "huber" {
      return attributes.delta.map { x[0].huber(x[1], delta: $0, reduction: reduction) }
    }
    guard let given = attributes.labels else { return nil }
    let labels = x[0].tape.indices(given.map(Int32.init))
    return switch op {
    case "negativeLogLikelihood": x[0].negativeLogLikelihood(labels, reduction: reduction)
    case "crossEntropy": x[0].crossEntropy(labels, reduction: reduction)
    case "smoothedCrossEntropy":
      attributes.smoothing.map {
        x[0].crossEntropy(
          labels, smoothing: $0, weights: attributes.weights.map { x[0].tape.constant($0) },
          reduction: reduction)
      }
    case "meanSquaredErrorOfClasses":
      x[0].meanSquaredError(toClasses: labels, reduction: reduction)
    default: x[0].negativeLogLikelihoodOfLogProbabilities(labels, reduction: reduction)
    }
  }

  private func weighted(_ x: [Tensor]) -> Tensor? {
    guard let labels = attributes.labels, let weights = attributes.weights else { return nil }
    let tape = x[0].tape
    return x[0].weighted(by: tape.constant(weights), of: tape.indices(labels.map(Int32.init)))
  }
}
