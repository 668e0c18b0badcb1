import SkeinFiles
import SkeinKernels

/// How the losses of a batch's samples become one number.
public enum Reduction: Sendable {
  /// Their sum: what a worker computes for its batch shard.
  case sum
  /// Their mean: PyTorch's default.
  case mean

  func divisor(_ rows: Int) -> Float {
    switch self {
    case .sum: 1
    case .mean: Float(rows)
    }
  }
}

/// Negative log-likelihood: y = −Σ ln p[label] / divisor over rows, from probabilities p, or from
/// log-probabilities, which are then taken as they are.
struct NegativeLogLikelihood: Operation {
  static let name = "negativeLogLikelihood"
  let (rows, classes): (Int, Int)
  let labels: IndexList
  let divisor: Float
  let takesLogProbabilities: Bool

  func resultShape(_ operands: [Shape]) -> Shape { [] }

  func forward(_ frame: Frame) {
    let p = frame.operand(0)
    var sum = 0.0
    for row in 0..<rows {
      let chosen = p[row * classes + labels.entry(row, below: classes, in: Self.name)]
      sum -= Double(takesLogProbabilities ? chosen : VectorMath.log(chosen))
    }
    frame.result[0] = Float(sum / Double(divisor))
  }

  func backward(_ frame: Frame) {
    let (p, scale) = (frame.operand(0), frame.resultGradient[0] / divisor)
    guard let dp = frame.gradient(0)?.summed else { return }
    for row in 0..<rows {
      let at = row * classes + labels.entry(row, below: classes, in: Self.name)
      dp[at] -= takesLogProbabilities ? scale : scale / p[at]
    }
  }
}

/// y = Σ (prediction − target)² / divisor.
struct SquaredError: Operation {
  static let name = "meanSquaredError"
  let divisor: Float

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0] == operands[1], "meanSquaredError: shapes \(operands[0]) and \(operands[1])")
    return []
  }

  func forward(_ frame: Frame) {
    let (a, b) = (frame.operand(0), frame.operand(1))
    var sum = 0.0
    for i in 0..<a.count {
      let difference = Double(a[i] - b[i])
      sum += difference * difference
    }
    frame.result[0] = Float(sum / Double(divisor))
  }

  func backward(_ frame: Frame) {
    let (a, b) = (frame.operand(0), frame.operand(1))
    let scale = 2 * frame.resultGradient[0] / divisor
    frame.gradient(0)?.add { (a[$0] - b[$0]) * scale }
    frame.gradient(1)?.add { (b[$0] - a[$0]) * scale }
  }
}

/// y = Σ (prediction − one-hot(label))² / divisor, of predictions [n, classes].
struct SquaredErrorOfClasses: Operation {
  static let name = "meanSquaredError"
  let (rows, classes): (Int, Int)
  let labels: IndexList
  let divisor: Float

  func resultShape(_ operands: [Shape]) -> Shape { [] }

  func forward(_ frame: Frame) {
    let prediction = frame.operand(0)
    var sum = 0.0
    for row in 0..<rows {
      let label = labels.entry(row, below: classes, in: Self.name)
      for column in 0..<classes {
        let target: Float = column == label ? 1 : 0
        let difference = Double(prediction[row * classes + column] - target)
        sum += difference * difference
      }
    }
    frame.result[0] = Float(sum / Double(divisor))
  }

  func backward(_ frame: Frame) {
    let (prediction, scale) = (frame.operand(0), 2 * frame.resultGradient[0] / divisor)
    frame.gradient(0)?.add { place in
      let target: Float = place % classes == Int(labels.storage[place / classes]) ? 1 : 0
      return (prediction[place] - target) * scale
    }
  }
}

extension Tensor {
  /// −ln p[label] of probabilities [n, classes] against labels [n].
  ///
  /// - Precondition: one label per row, each one of the classes.
  public func negativeLogLikelihood(_ labels: Indices, reduction: Reduction = .mean) -> Tensor {
    negativeLogLikelihood(labels, reduction, takesLogProbabilities: false)
  }

  /// −(log-probability of the label), PyTorch's `F.nll_loss`: feed it `logSoftmax()`.
  ///
  /// - Precondition: one label per row, each one of the classes.
  public func negativeLogLikelihoodOfLogProbabilities(
    _ labels: Indices, reduction: Reduction = .mean
  ) -> Tensor {
    negativeLogLikelihood(labels, reduction, takesLogProbabilities: true)
  }

  /// The mean over columns of (prediction − target)², then the reduction over rows; with `.mean`
  /// PyTorch's `F.mse_loss`.
  ///
  /// - Precondition: both shapes are the same.
  public func meanSquaredError(_ target: Tensor, reduction: Reduction = .mean) -> Tensor {
    let rows = shape.rank == 0 ? 1 : shape[0]
    let columns = rows == 0 ? 0 : shape.count / rows
    return tape.record(
      SquaredError(divisor: Float(columns) * reduction.divisor(rows)), [self, target])
  }

  /// The mean over classes of (prediction − one-hot(label))², then the reduction over rows.
  ///
  /// - Precondition: one label per row of a matrix [n, classes], each one of the classes.
  public func meanSquaredError(
    toClasses labels: Indices, reduction: Reduction = .mean
  ) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "meanSquaredError")
    return tape.record(
      SquaredErrorOfClasses(
        rows: rows, classes: classes, labels: IndexList(labels, on: tape),
        divisor: Float(classes) * reduction.divisor(rows)),
      [self])
  }

  private func negativeLogLikelihood(
    _ labels: Indices, _ reduction: Reduction, takesLogProbabilities: Bool
  ) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "negativeLogLikelihood")
    return tape.record(
      NegativeLogLikelihood(
        rows: rows, classes: classes, labels: IndexList(labels, on: tape),
        divisor: reduction.divisor(rows),
        takesLogProbabilities: takesLogProbabilities),
      [self])
  }

  func rowsAndClasses(_ labels: Indices, _ operation: String) -> (Int, Int) {
    require(
      shape.rank == 2 && shape[0] == labels.count && labels.tape === tape,
      "\(operation): shape \(shape) with \(labels.count) labels of the same tape")
    return (shape[0], shape[1])
  }
}
