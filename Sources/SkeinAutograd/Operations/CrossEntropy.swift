import SkeinKernels

/// Softmax and negative log-likelihood in one, for each row: y = ln Σ e^x − x[label].
///
/// Backward: dx = (softmax(x) − one-hot(label)) · dy. The forward pass keeps softmax(x). Each row's
/// maximum is taken off first, so that nothing overflows and nothing small is lost.
struct CrossEntropy: Operation {
  static let name = "crossEntropy"
  let (rows, classes): (Int, Int)
  let labels: IndexList

  /// softmax [rows, classes].
  var scratchCount: Int { rows * classes }

  func resultShape(_ operands: [Shape]) -> Shape { [rows] }

  func forward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard classes > 0, let x = frame.operand(0).baseAddress, let y = frame.result.baseAddress
    else { return frame.result.update(repeating: 0) }
    let hasClasses = ClassLoops.crossEntropy(
      x, labels.start(rows), rows: rows.count, classes: classes,
      softmax: frame.scratch + rows.lowerBound * classes, losses: y)
    if !hasClasses { labels.refuse(rows, below: classes, in: Self.name) }
  }

  func backward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard let sink = frame.gradient(0), let dx = sink.values.baseAddress,
      let dy = frame.resultGradient.baseAddress
    else { return }
    let hasClasses = ClassLoops.crossEntropyGradient(
      softmax: frame.scratch + rows.lowerBound * classes, labels.start(rows), dy,
      rows: rows.count, classes: classes, into: dx, accumulates: sink.accumulates)
    if !hasClasses { labels.refuse(rows, below: classes, in: Self.name) }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }
}

extension Tensor {
  /// Cross-entropy of logits [n, classes] against labels [n]: PyTorch's `F.cross_entropy`.
  ///
  /// - Precondition: one label per row, each one of the classes.
  public func crossEntropy(_ labels: Indices, reduction: Reduction = .mean) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "crossEntropy")
    return tape.record(
      CrossEntropy(rows: rows, classes: classes, labels: IndexList(labels, on: tape)), [self]
    ).reduced(reduction)
  }
}
