import SkeinFiles

/// The same elements under another shape.
struct Reshape: Operation {
  static let name = "reshape"
  let shape: Shape
  let keepsRows: Bool

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[0].count == shape.count,
      "reshape: shape \(operands[0]) has \(operands[0].count) elements, \(shape) has \(shape.count)"
    )
    return shape
  }

  func forward(_ frame: Frame) { _ = frame.result.update(fromContentsOf: frame.operand(0)) }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    frame.gradient(0)?.add { dy[$0] }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { keepsRows }
}

/// The transpose of a matrix: y[j, i] = x[i, j].
struct Transpose: Operation {
  static let name = "transpose"
  let rows: Int
  let columns: Int

  func resultShape(_ operands: [Shape]) -> Shape { [columns, rows] }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for i in 0..<rows {
      for j in 0..<columns { y[j * rows + i] = x[i * columns + j] }
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    frame.gradient(0)?.add { dy[$0 % columns * rows + $0 / columns] }
  }
}

/// Tensors one after the other along an axis: operand k gives y[o, start_k + i, r] = x_k[o, i, r].
struct Concatenate: Operation {
  static let name = "concatenate"
  let axis: Int
  let operandCount: Int
  let geometry: AxisGeometry

  func resultShape(_ operands: [Shape]) -> Shape {
    for shape in operands {
      require(
        shape.rank == operands[0].rank
          && shape.replacing(axis: axis, with: 0) == operands[0].replacing(axis: axis, with: 0),
        "concatenate along axis \(axis): shapes \(operands[0]) and \(shape)")
    }
    return operands[0].replacing(axis: axis, with: operands.map { $0.sizes[axis] }.reduce(0, +))
  }

  func forward(_ frame: Frame) {
    let y = frame.result
    var start = 0
    for k in 0..<operandCount {
      let x = frame.operand(k)
      let length = geometry.outer == 0 ? 0 : x.count / geometry.outer
      for o in 0..<geometry.outer {
        for i in 0..<length { y[o * block + start + i] = x[o * length + i] }
      }
      start += length
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    var start = 0
    for k in 0..<operandCount {
      let count = frame.operand(k).count
      let length = geometry.outer == 0 ? 0 : count / geometry.outer
      frame.gradient(k)?.add { dy[$0 / length * block + start + $0 % length] }
      start += length
    }
  }

  /// How many elements of the result belong to one outer index.
  private var block: Int { geometry.count * geometry.inner }
}

extension Tensor {
  /// The same elements, row by row, under another shape of the same count.
  public func reshape(_ shape: Shape) -> Tensor {
    let keepsRows = shape.rank > 0 && self.shape.rank > 0 && shape[0] == self.shape[0]
    return tape.record(Reshape(shape: shape, keepsRows: keepsRows), [self])
  }

  /// The transpose of a matrix.
  ///
  /// - Precondition: the tensor has two axes.
  public var transposed: Tensor {
    require(shape.rank == 2, "transpose of shape \(shape), which has not two axes")
    return tape.record(Transpose(rows: shape[0], columns: shape[1]), [self])
  }

  /// `tensors` one after the other along `axis`.
  ///
  /// - Precondition: there is one, and all shapes agree but for `axis`.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { misuse("concatenate: no tensors") }
    let axis = first.shape.resolve(axis: axis, for: "concatenate")
    let total = tensors.map { $0.shape.rank > axis ? $0.shape.sizes[axis] : 0 }.reduce(0, +)
    let whole = first.shape.replacing(axis: axis, with: total)
    return first.tape.record(
      Concatenate(
        axis: axis, operandCount: tensors.count, geometry: AxisGeometry(whole, axis: axis)),
      tensors)
  }
}
