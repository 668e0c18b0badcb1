import SkeinFiles

/// Losses [n], each times the weight of its row's class: y[i] = w[label[i]] · x[i].
///
/// Backward: dx[i] = w[label[i]] · dy[i]. No gradient passes to w.
struct ClassWeighted: Operation {
  static let name = "weighted"
  let classes: Int
  let labels: IndexList

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0] == [labels.count] && operands[1] == [classes],
      "\(Self.name): losses \(operands[0]) of \(labels.count) labels, with weights \(operands[1])")
    return operands[0]
  }

  func forward(_ frame: Frame) {
    let (x, y, first) = (frame.operand(0), frame.result, frame.rows(of: labels.count).lowerBound)
    let weights = frame.operand(1)
    for row in 0..<y.count {
      y[row] = weights[labels.entry(first + row, below: classes, in: Self.name)] * x[row]
    }
  }

  func backward(_ frame: Frame) {
    let (dy, first) = (frame.resultGradient, frame.rows(of: labels.count).lowerBound)
    let weights = frame.operand(1)
    frame.gradient(0)?.add { weights[Int(labels.storage[first + $0])] * dy[$0] }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, false] }
}

extension Tensor {
  /// These losses [n], each times the weight of its row's class.
  ///
  /// - Parameters:
  ///   - weights: [classes].
  ///   - labels: a class per loss, on the losses' tape.
  /// - Precondition: each label is one of the classes; `weights` want no gradient.
  public func weighted(by weights: Tensor, of labels: Indices) -> Tensor {
    require(!weights.wantsGradient, "weighted: weights that want a gradient")
    return tape.record(
      ClassWeighted(classes: weights.shape.count, labels: IndexList(labels, on: tape)),
      [self, weights])
  }
}
