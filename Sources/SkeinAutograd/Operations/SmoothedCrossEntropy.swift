import SkeinFiles
import SkeinKernels

/// Cross-entropy against smoothed and weighted classes, for each row: with lp = ln softmax(x),
/// y = (1 − e) · w[label] · (−lp[label]) + e / C · Σ w[c] · (−lp[c]), for C classes.
///
/// As −lp[c] = L + x[label] − x[c], where L is the plain cross-entropy, it is computed as
/// y = q · L + Σ s[c] · (x[label] − x[c]), with the shares s[c] = e / C · w[c] and
/// q = (1 − e) · w[label] + Σ s[c]. Backward: dx[c] = (q · softmax(x)[c] − s[c]) · dy, less
/// (1 − e) · w[label] · dy at the label. Sums over classes go from the first to the last, in Float.
///
/// No gradient passes to w.
struct SmoothedCrossEntropy: Operation {
  static let name = "crossEntropy"
  let (rows, classes): (Int, Int)
  let labels: IndexList
  /// e.
  let smoothing: Float

  /// softmax [rows, classes].
  var scratchCount: Int { rows * classes }

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[1] == [classes], "\(Self.name): weights \(operands[1]) of \(classes) classes")
    return [rows]
  }

  func forward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard classes > 0, let x = frame.operand(0).baseAddress, let w = frame.operand(1).baseAddress,
      let y = frame.result.baseAddress
    else { return frame.result.update(repeating: 0) }
    let hasClasses = ClassLoops.crossEntropy(
      x, labels.start(rows), rows: rows.count, classes: classes,
      softmax: frame.scratch + rows.lowerBound * classes, losses: y)
    if !hasClasses { labels.refuse(rows, below: classes, in: Self.name) }
    let share = smoothing / Float(classes)
    let labels = labels.start(rows)
    for row in 0..<rows.count {
      let (x, label) = (x + row * classes, Int(labels[row]))
      let own = x[label]
      var (shares, distance): (Float, Float) = (0, 0)
      for c in 0..<classes {
        let s = share * w[c]
        shares += s
        distance += s * (own - x[c])
      }
      y[row] = ((1 - smoothing) * w[label] + shares) * y[row] + distance
    }
  }

  func backward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard let sink = frame.gradient(0), let dx = sink.values.baseAddress,
      let dy = frame.resultGradient.baseAddress, let w = frame.operand(1).baseAddress
    else { return }
    let softmax = frame.scratch + rows.lowerBound * classes
    let (share, labels) = (smoothing / Float(classes), labels.start(rows))
    var shares: Float = 0
    for c in 0..<classes { shares += share * w[c] }
    for row in 0..<rows.count {
      let (p, label) = (softmax + row * classes, Int(labels[row]))
      let own = (1 - smoothing) * w[label]
      let (q, slope) = (own + shares, dy[row])
      // The label's own term stands within the row's, so that each element is written once.
      sink.add(to: dx + row * classes, count: classes) { c in
        let difference = q * p[c] - share * w[c]
        return (c == label ? difference - own : difference) * slope
      }
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, false] }
}

extension Tensor {
  /// Cross-entropy of logits [n, classes] against labels [n] whose certainty is softened: the label
  /// has the probability 1 − e, and e is shared by all classes. Each class has a weight. PyTorch's
  /// `F.cross_entropy` with `label_smoothing` and `weight`, but for the mean: PyTorch divides by
  /// the sum of the labels' weights, and `.mean` divides by n.
  ///
  /// - Parameters:
  ///   - smoothing: e, 0…1.
  ///   - weights: [classes], each ≥ 0; nil for 1.
  /// - Precondition: one label per row, each one of the classes; `weights` want no gradient.
  public func crossEntropy(
    _ labels: Indices, smoothing: Float, weights: Tensor? = nil, reduction: Reduction = .mean
  ) -> Tensor {
    require((0...1).contains(smoothing), "label smoothing \(smoothing)")
    let (rows, classes) = rowsAndClasses(labels, "crossEntropy")
    let weights = weights ?? tape.constant([Float](repeating: 1, count: classes))
    require(!weights.wantsGradient, "crossEntropy: weights that want a gradient")
    return tape.record(
      SmoothedCrossEntropy(
        rows: rows, classes: classes, labels: IndexList(labels, on: tape), smoothing: smoothing),
      [self, weights]
    ).reduced(reduction)
  }
}
