import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// softmax over the last axis: y = e^(x − max) / Σ e^(x − max).
///
/// Backward: dx = y · (dy − Σ dy · y). The maximum is taken off so that nothing overflows.
struct Softmax: Operation {
  static let name = "softmax"
  let (rows, columns): (Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for row in 0..<rows {
      _ = softmaxRow(x, y, from: row * columns, columns)
    }
  }

  func backward(_ frame: Frame) {
    let (y, dy) = (frame.result, frame.resultGradient)
    guard let dx = frame.gradient(0)?.summed else { return }
    for start in stride(from: 0, to: rows * columns, by: max(columns, 1)) {
      var dot: Float = 0
      for i in start..<(start + columns) { dot += dy[i] * y[i] }
      for i in start..<(start + columns) { dx[i] += y[i] * (dy[i] - dot) }
    }
  }
}

/// ln softmax over the last axis: y = x − max − ln Σ e^(x − max).
///
/// Backward: dx = dy − e^y · Σ dy.
struct LogSoftmax: Operation {
  static let name = "logSoftmax"
  let (rows, columns): (Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for start in stride(from: 0, to: rows * columns, by: max(columns, 1)) {
      // The row of exponentials lands in y and is overwritten at once.
      let logSum = softmaxRow(x, y, from: start, columns)
      for i in start..<(start + columns) { y[i] = x[i] - logSum.maximum - logSum.log }
    }
  }

  func backward(_ frame: Frame) {
    let (y, dy) = (frame.result, frame.resultGradient)
    guard let dx = frame.gradient(0)?.summed else { return }
    for start in stride(from: 0, to: rows * columns, by: max(columns, 1)) {
      var sum: Float = 0
      for i in start..<(start + columns) { sum += dy[i] }
      for i in start..<(start + columns) { dx[i] += dy[i] - expf(y[i]) * sum }
    }
  }
}

/// Writes softmax of the `columns` elements of x from `start` to the same places of y, and returns
/// the row's maximum and ln Σ e^(x − max): apart, because their sum would lose the small one.
@inline(__always)
func softmaxRow(
  _ x: UnsafeBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>, from start: Int,
  _ columns: Int
) -> (maximum: Float, log: Float) {
  var maximum = -Float.infinity
  for i in start..<(start + columns) { maximum = max(maximum, x[i]) }
  var sum: Float = 0
  for i in start..<(start + columns) {
    y[i] = expf(x[i] - maximum)
    sum += y[i]
  }
  let scale = 1 / sum
  for i in start..<(start + columns) { y[i] *= scale }
  return (maximum, logf(sum))
}

extension Tensor {
  /// Probabilities over the last axis: e^x / Σ e^x.
  ///
  /// - Precondition: the tensor has an axis.
  public func softmax() -> Tensor {
    require(shape.rank > 0, "softmax of a scalar")
    return tape.record(Softmax(rows: rowCount, columns: shape[-1]), [self])
  }

  /// ln softmax over the last axis.
  ///
  /// - Precondition: the tensor has an axis.
  public func logSoftmax() -> Tensor {
    require(shape.rank > 0, "logSoftmax of a scalar")
    return tape.record(LogSoftmax(rows: rowCount, columns: shape[-1]), [self])
  }

  /// How many rows the tensor has along its last axis.
  private var rowCount: Int { shape[-1] == 0 ? 0 : shape.count / shape[-1] }
}
