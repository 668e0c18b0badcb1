import SkeinFiles

/// The sum over one axis, divided by `divisor` (1, or the axis' size for a mean):
/// y[o, r] = Σᵢ x[o, i, r] / divisor. Added up in Double, so that long sums stay exact to Float.
struct Sum: Operation {
  static let name = "sum"
  let axis: AxisGeometry
  let divisor: Float
  let shape: Shape

  func resultShape(_ operands: [Shape]) -> Shape { shape }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for o in 0..<axis.outer {
      for r in 0..<axis.inner {
        var sum = 0.0
        for i in 0..<axis.count { sum += Double(x[(o * axis.count + i) * axis.inner + r]) }
        y[o * axis.inner + r] = Float(sum / Double(divisor))
      }
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    let (block, inner, divisor) = (axis.count * axis.inner, axis.inner, divisor)
    frame.gradient(0)?.add { dy[$0 / block * inner + $0 % inner] / divisor }
  }
}

/// Stretches an axis of size 1, the adjoint of `Sum`: y[o, i, r] = x[o, r] for each i.
struct Expand: Operation {
  static let name = "broadcast"
  let axis: AxisGeometry
  let shape: Shape

  func resultShape(_ operands: [Shape]) -> Shape { shape }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for o in 0..<axis.outer {
      for i in 0..<axis.count {
        for r in 0..<axis.inner {
          y[(o * axis.count + i) * axis.inner + r] = x[o * axis.inner + r]
        }
      }
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    frame.gradient(0)?.add { at in
      let (o, r) = (at / axis.inner, at % axis.inner)
      var sum = 0.0
      for i in 0..<axis.count { sum += Double(dy[(o * axis.count + i) * axis.inner + r]) }
      return Float(sum)
    }
  }
}

/// The largest element along one axis: y[o, r] = maxᵢ x[o, i, r]. The gradient goes to the first
/// of equal maxima, as in `torch.max(dim)`.
struct Maximum: Operation {
  static let name = "max"
  let axis: AxisGeometry
  let shape: Shape

  func resultShape(_ operands: [Shape]) -> Shape { shape }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for at in 0..<y.count { y[at] = x[winner(x, at)] }
  }

  func backward(_ frame: Frame) {
    let (x, dy) = (frame.operand(0), frame.resultGradient)
    guard let dx = frame.gradient(0)?.summed else { return }
    for at in 0..<dy.count { dx[winner(x, at)] += dy[at] }
  }

  /// Where the maximum for result element `at` stands; a NaN wins.
  private func winner(_ x: UnsafeBufferPointer<Float>, _ at: Int) -> Int {
    let first = at / axis.inner * axis.count * axis.inner + at % axis.inner
    var best = first
    for i in 1..<max(axis.count, 1) {
      let candidate = first + i * axis.inner
      if x[candidate] > x[best] || (x[candidate].isNaN && !x[best].isNaN) { best = candidate }
    }
    return best
  }
}

extension Tensor {
  /// The sum of all elements, a scalar.
  public func sum() -> Tensor {
    tape.record(Sum(axis: AxisGeometry(flat: shape), divisor: 1, shape: []), [self])
  }

  /// The sums along `axis` (negative: from the end); the result has that axis no more.
  public func sum(axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, for: "sum")
    let result = shape.dropping(axis: axis)
    return tape.record(
      Sum(axis: AxisGeometry(shape, axis: axis), divisor: 1, shape: result), [self])
  }

  /// The mean of all elements, a scalar.
  ///
  /// - Precondition: there is an element.
  public func mean() -> Tensor {
    require(shape.count > 0, "mean of no elements, shape \(shape)")
    return tape.record(
      Sum(axis: AxisGeometry(flat: shape), divisor: Float(shape.count), shape: []), [self])
  }

  /// The means along `axis`; the result has that axis no more.
  public func mean(axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, for: "mean")
    require(shape.sizes[axis] > 0, "mean over axis \(axis) of shape \(shape)")
    let result = shape.dropping(axis: axis)
    return tape.record(
      Sum(
        axis: AxisGeometry(shape, axis: axis), divisor: Float(shape.sizes[axis]), shape: result),
      [self])
  }

  /// The largest element, a scalar.
  ///
  /// - Precondition: there is an element.
  public func max() -> Tensor {
    require(shape.count > 0, "max of no elements, shape \(shape)")
    return tape.record(Maximum(axis: AxisGeometry(flat: shape), shape: []), [self])
  }

  /// The largest elements along `axis`; the result has that axis no more.
  public func max(axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, for: "max")
    require(shape.sizes[axis] > 0, "max over axis \(axis) of shape \(shape)")
    let result = shape.dropping(axis: axis)
    return tape.record(Maximum(axis: AxisGeometry(shape, axis: axis), shape: result), [self])
  }

  /// The tensor stretched to `target`: missing axes come in front, axes of size 1 repeat.
  ///
  /// - Precondition: the shape broadcasts to `target`.
  public func broadcast(to target: Shape) -> Tensor {
    require(
      shape.broadcast(with: target) == target, "broadcast: shape \(shape) does not fit \(target)")
    var result = self
    if shape.rank < target.rank {
      result = reshape(
        Shape([Int](repeating: 1, count: target.rank - shape.rank) + shape.sizes))
    }
    for axis in 0..<target.rank where result.shape.sizes[axis] != target.sizes[axis] {
      let stretched = result.shape.replacing(axis: axis, with: target.sizes[axis])
      result = tape.record(
        Expand(axis: AxisGeometry(stretched, axis: axis), shape: stretched), [result])
    }
    return result
  }
}
