import SkeinFiles
import SkeinKernels

/// softmax over the last axis: y = e^(x − max) / Σ e^(x − max).
///
/// Backward: dx = y · (dy − Σ dy · y). The maximum is taken off so that nothing overflows.
struct Softmax: Operation {
  static let name = "softmax"
  let columns: Int
  /// Whether the last axis is another one than the first.
  let isAlongRows: Bool

  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }

  func forward(_ frame: Frame) {
    let count = frame.result.count
    guard count > 0, let x = frame.operand(0).baseAddress, let y = frame.result.baseAddress else {
      return
    }
    let rows = count / columns
    SoftmaxRows.shift(x, into: y, rows, columns)
    VectorMath.exp(y, into: y, count: count)
    SoftmaxRows.normalize(y, rows, columns) { _, _ in }
  }

  func backward(_ frame: Frame) {
    let (y, dy) = (frame.result, frame.resultGradient)
    guard let dx = frame.gradient(0)?.summed else { return }
    for start in stride(from: 0, to: y.count, by: max(columns, 1)) {
      var dot: Float = 0
      for i in start..<(start + columns) { dot += dy[i] * y[i] }
      for i in start..<(start + columns) { dx[i] += y[i] * (dy[i] - dot) }
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { isAlongRows }
}

/// ln softmax over the last axis: y = x − max − ln Σ e^(x − max).
///
/// Backward: dx = dy − softmax(x) · Σ dy. The forward pass keeps softmax(x).
struct LogSoftmax: Operation {
  static let name = "logSoftmax"
  let (rows, columns): (Int, Int)
  /// Whether the last axis is another one than the first.
  let isAlongRows: Bool

  /// softmax [rows, columns], and ln Σ [rows].
  var scratchCount: Int { rows * columns + rows }

  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }

  func forward(_ frame: Frame) {
    let count = frame.result.count
    guard count > 0, let x = frame.operand(0).baseAddress, let y = frame.result.baseAddress else {
      return
    }
    let (softmax, logarithms, rows) = scratch(frame)
    SoftmaxRows.shift(x, into: y, rows, columns)
    VectorMath.softmaxExp(y, into: softmax, count: count)
    SoftmaxRows.normalize(softmax, rows, columns) { logarithms[$0] = $1 }
    VectorMath.log(logarithms, into: logarithms, count: rows)
    // The maximum and the logarithm are taken off apart: their sum would lose the small one.
    for row in 0..<rows {
      for i in (row * columns)..<((row + 1) * columns) { y[i] -= logarithms[row] }
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    guard dy.count > 0, let dx = frame.gradient(0)?.summed else { return }
    let softmax = scratch(frame).softmax
    for start in stride(from: 0, to: dy.count, by: columns) {
      var sum: Float = 0
      for i in start..<(start + columns) { sum += dy[i] }
      for i in start..<(start + columns) { dx[i] += dy[i] - softmax[i] * sum }
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { isAlongRows }

  /// The parts of the scratch memory that belong to the pass's rows, and how many those are.
  private func scratch(
    _ frame: Frame
  ) -> (softmax: UnsafeMutablePointer<Float>, logarithms: UnsafeMutablePointer<Float>, rows: Int) {
    let place = frame.firstElement
    return (
      frame.scratch + place, frame.scratch + rows * columns + place / columns,
      frame.result.count / columns
    )
  }
}

/// What softmax, its logarithm and cross-entropy do with each row of a matrix.
enum SoftmaxRows {
  /// Writes each row less its maximum: then nothing overflows, and nothing small is lost.
  @inline(__always)
  static func shift(
    _ x: UnsafePointer<Float>, into shifted: UnsafeMutablePointer<Float>, _ rows: Int,
    _ columns: Int
  ) {
    guard columns > 0 else { return }
    var (source, target) = (x, shifted)
    for _ in 0..<rows {
      var maximum = source[0]
      for column in 1..<max(columns, 1) where source[column] > maximum { maximum = source[column] }
      for column in 0..<columns { target[column] = source[column] - maximum }
      source += columns
      target += columns
    }
  }

  /// Divides each row of exponentials by its sum, added up from the first to the last, and calls
  /// `body` with the row's number and the sum.
  @inline(__always)
  static func normalize(
    _ exponentials: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int,
    _ body: (_ row: Int, _ sum: Float) -> Void
  ) {
    var target = exponentials
    for row in 0..<rows {
      var sum: Float = 0
      for column in 0..<columns { sum += target[column] }
      let scale = 1 / sum
      for column in 0..<columns { target[column] *= scale }
      body(row, sum)
      target += columns
    }
  }
}

extension Tensor {
  /// Probabilities over the last axis: e^x / Σ e^x.
  ///
  /// - Precondition: the tensor has an axis.
  public func softmax() -> Tensor {
    require(shape.rank > 0, "softmax of a scalar")
    return tape.record(Softmax(columns: shape[-1], isAlongRows: shape.rank > 1), [self])
  }

  /// ln softmax over the last axis.
  ///
  /// - Precondition: the tensor has an axis.
  public func logSoftmax() -> Tensor {
    require(shape.rank > 0, "logSoftmax of a scalar")
    let columns = shape[-1]
    return tape.record(
      LogSoftmax(
        rows: columns == 0 ? 0 : shape.count / columns, columns: columns,
        isAlongRows: shape.rank > 1),
      [self])
  }
}
