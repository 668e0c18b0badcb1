import SkeinFiles

/// The mean over columns of w · |prediction − target|, for each row; w is 1, or a weight for each
/// column. Added up in Double.
///
/// Its slope where prediction and target are equal is 0, as in PyTorch.
struct AbsoluteError: Operation {
  static let name = "meanAbsoluteError"
  let (rows, columns): (Int, Int)
  /// Whether a third operand holds a weight per column.
  let hasWeights: Bool

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0] == operands[1], "\(Self.name): shapes \(operands[0]) and \(operands[1])")
    require(
      !hasWeights || operands[2] == [columns],
      "\(Self.name): weights of shape \(operands.last ?? []) for \(columns) columns")
    return [rows]
  }

  func forward(_ frame: Frame) {
    let (a, b, y) = (frame.operand(0), frame.operand(1), frame.result)
    let weights = hasWeights ? frame.operand(2) : nil
    for row in 0..<y.count {
      var sum = 0.0
      for column in 0..<columns {
        let place = row * columns + column
        sum += abs(Double(a[place] - b[place])) * Double(weights?[column] ?? 1)
      }
      y[row] = Float(sum / Double(columns))
    }
  }

  func backward(_ frame: Frame) {
    let (a, b, dy) = (frame.operand(0), frame.operand(1), frame.resultGradient)
    let weights = hasWeights ? frame.operand(2) : nil
    let factor = 1 / Float(columns)
    func slope(_ place: Int) -> Float {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let sign: Float = a[place] > b[place] ? 1 : a[place] < b[place] ? -1 : 0
      return sign * (weights?[column] ?? 1) * (factor * dy[row])
    }
    frame.gradient(0)?.add { slope($0) }
    frame.gradient(1)?.add { -slope($0) }
    guard hasWeights else { return }
    frame.gradient(2)?.add { column in
      var sum = 0.0
      for row in 0..<dy.count {
        let place = row * columns + column
        sum += Double(abs(a[place] - b[place])) * Double(factor * dy[row])
      }
      return Float(sum)
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool {
    hasSamples.prefix(2) == [true, true] && !hasSamples.dropFirst(2).contains(true)
  }
}

/// Huber's error, the mean over columns, for each row: with d = prediction − target, ½ d² where
/// |d| ≤ δ, and δ (|d| − ½ δ) beyond. Added up in Double.
///
/// Source: P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical
/// Statistics 35(1), 1964.
struct HuberError: Operation {
  static let name = "huber"
  let (rows, columns): (Int, Int)
  /// Where the parabola ends, > 0.
  let delta: Float

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0] == operands[1], "\(Self.name): shapes \(operands[0]) and \(operands[1])")
    return [rows]
  }

  func forward(_ frame: Frame) {
    let (a, b, y) = (frame.operand(0), frame.operand(1), frame.result)
    let delta = Double(delta)
    for row in 0..<y.count {
      var sum = 0.0
      for place in (row * columns)..<((row + 1) * columns) {
        let size = abs(Double(a[place] - b[place]))
        sum += size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta)
      }
      y[row] = Float(sum / Double(columns))
    }
  }

  func backward(_ frame: Frame) {
    let (a, b, dy) = (frame.operand(0), frame.operand(1), frame.resultGradient)
    let factor = 1 / Float(columns)
    func slope(_ place: Int) -> Float {
      let difference = a[place] - b[place]
      // A NaN stays one.
      let clamped = difference > delta ? delta : difference < -delta ? -delta : difference
      return clamped * (factor * dy[place / columns])
    }
    frame.gradient(0)?.add { slope($0) }
    frame.gradient(1)?.add { -slope($0) }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, true] }
}

extension Tensor {
  /// The mean over columns of |prediction − target|, then the reduction over rows; with `.mean`
  /// PyTorch's `F.l1_loss`.
  ///
  /// - Parameter weights: a factor for each column [columns]; nil for 1.
  /// - Precondition: both shapes are the same.
  public func meanAbsoluteError(
    _ target: Tensor, weights: Tensor? = nil, reduction: Reduction = .mean
  ) -> Tensor {
    let (rows, columns) = rowsAndColumns
    return tape.record(
      AbsoluteError(rows: rows, columns: columns, hasWeights: weights != nil),
      [self, target] + (weights.map { [$0] } ?? [])
    ).reduced(reduction)
  }

  /// The mean over columns of Huber's error, a parabola up to ±δ and a line beyond, then the
  /// reduction over rows; with `.mean` PyTorch's `F.huber_loss`.
  ///
  /// - Precondition: both shapes are the same, and `delta` is positive.
  public func huber(
    _ target: Tensor, delta: Float = 1, reduction: Reduction = .mean
  ) -> Tensor {
    require(delta > 0, "huber: delta \(delta)")
    let (rows, columns) = rowsAndColumns
    return tape.record(HuberError(rows: rows, columns: columns, delta: delta), [self, target])
      .reduced(reduction)
  }
}
