import SkeinFiles
import SkeinKernels

/// How the losses of a batch's samples become one number.
public enum Reduction: Sendable {
  /// Not at all: a loss for each sample.
  case none
  /// Their sum, added up in Double.
  case sum
  /// Their mean: PyTorch's default.
  case mean
}

/// Negative log-likelihood of each row: y = −ln p[label], from probabilities p, or from
/// log-probabilities, which are then taken as they are.
struct NegativeLogLikelihood: Operation {
  static let name = "negativeLogLikelihood"
  let (rows, classes): (Int, Int)
  let labels: IndexList
  let takesLogProbabilities: Bool

  func resultShape(_ operands: [Shape]) -> Shape { [rows] }

  func forward(_ frame: Frame) {
    let (p, y, first) = (frame.operand(0), frame.result, frame.rows(of: rows).lowerBound)
    for row in 0..<y.count {
      let chosen = p[row * classes + labels.entry(first + row, below: classes, in: Self.name)]
      y[row] = -(takesLogProbabilities ? chosen : VectorMath.log(chosen))
    }
  }

  func backward(_ frame: Frame) {
    let (p, dy, first) = (frame.operand(0), frame.resultGradient, frame.rows(of: rows).lowerBound)
    guard let dp = frame.gradient(0)?.summed else { return }
    for row in 0..<dy.count {
      let at = row * classes + labels.entry(first + row, below: classes, in: Self.name)
      dp[at] -= takesLogProbabilities ? dy[row] : dy[row] / p[at]
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }
}

/// The mean over columns of (prediction − target)², for each row; added up in Double.
struct SquaredError: Operation {
  static let name = "meanSquaredError"
  let (rows, columns): (Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0] == operands[1], "meanSquaredError: shapes \(operands[0]) and \(operands[1])")
    return [rows]
  }

  func forward(_ frame: Frame) {
    let (a, b, y) = (frame.operand(0), frame.operand(1), frame.result)
    for row in 0..<y.count {
      var sum = 0.0
      for i in (row * columns)..<((row + 1) * columns) {
        let difference = Double(a[i] - b[i])
        sum += difference * difference
      }
      y[row] = Float(sum / Double(columns))
    }
  }

  func backward(_ frame: Frame) {
    let (a, b, dy) = (frame.operand(0), frame.operand(1), frame.resultGradient)
    let factor = 2 / Float(columns)
    frame.gradient(0)?.add { (a[$0] - b[$0]) * (factor * dy[$0 / columns]) }
    frame.gradient(1)?.add { (b[$0] - a[$0]) * (factor * dy[$0 / columns]) }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, true] }
}

/// The mean over classes of (prediction − one-hot(label))², for each row of predictions
/// [n, classes]; added up in Double.
struct SquaredErrorOfClasses: Operation {
  static let name = "meanSquaredError"
  let (rows, classes): (Int, Int)
  let labels: IndexList

  func resultShape(_ operands: [Shape]) -> Shape { [rows] }

  func forward(_ frame: Frame) {
    let (prediction, y) = (frame.operand(0), frame.result)
    let first = frame.rows(of: rows).lowerBound
    for row in 0..<y.count {
      let label = labels.entry(first + row, below: classes, in: Self.name)
      var sum = 0.0
      for column in 0..<classes {
        let target: Float = column == label ? 1 : 0
        let difference = Double(prediction[row * classes + column] - target)
        sum += difference * difference
      }
      y[row] = Float(sum / Double(classes))
    }
  }

  func backward(_ frame: Frame) {
    let (prediction, dy) = (frame.operand(0), frame.resultGradient)
    let (first, factor) = (frame.rows(of: rows).lowerBound, 2 / Float(classes))
    frame.gradient(0)?.add { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: classes)
      let target: Float = column == Int(labels.storage[first + row]) ? 1 : 0
      return (prediction[place] - target) * (factor * dy[row])
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }
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
    let (rows, columns) = rowsAndColumns
    return tape.record(SquaredError(rows: rows, columns: columns), [self, target])
      .reduced(reduction)
  }

  /// The mean over classes of (prediction − one-hot(label))², then the reduction over rows.
  ///
  /// - Precondition: one label per row of a matrix [n, classes], each one of the classes.
  public func meanSquaredError(
    toClasses labels: Indices, reduction: Reduction = .mean
  ) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "meanSquaredError")
    return tape.record(
      SquaredErrorOfClasses(rows: rows, classes: classes, labels: IndexList(labels, on: tape)),
      [self]
    ).reduced(reduction)
  }

  private func negativeLogLikelihood(
    _ labels: Indices, _ reduction: Reduction, takesLogProbabilities: Bool
  ) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "negativeLogLikelihood")
    return tape.record(
      NegativeLogLikelihood(
        rows: rows, classes: classes, labels: IndexList(labels, on: tape),
        takesLogProbabilities: takesLogProbabilities),
      [self]
    ).reduced(reduction)
  }

  /// How many rows there are along the first axis, and how many elements each has.
  var rowsAndColumns: (Int, Int) {
    let rows = shape.rank == 0 ? 1 : shape[0]
    return (rows, rows == 0 ? 0 : shape.count / rows)
  }

  /// Losses [n] as `reduction` wants them.
  func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .sum: sum()
    case .mean: mean()
    }
  }

  func rowsAndClasses(_ labels: Indices, _ operation: String) -> (Int, Int) {
    require(
      shape.rank == 2 && shape[0] == labels.count && labels.tape === tape,
      "\(operation): shape \(shape) with \(labels.count) labels of the same tape")
    return (shape[0], shape[1])
  }
}
