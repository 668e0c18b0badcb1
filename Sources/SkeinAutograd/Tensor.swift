import SkeinFiles

/// A handle on one node of a tape: Floats with a shape.
///
/// Copies of the handle mean the same node. Operations run at once and give a new tensor.
public struct Tensor {
  /// The tape that the tensor stands on.
  public let tape: Tape
  let node: Int

  /// The sizes of its axes.
  public var shape: Shape { tape.shapes[node] }

  /// A copy of its values, row by row. O(count).
  public var values: [Float] { withValues { Array($0) } }

  /// The only value of a tensor that has one element.
  ///
  /// - Precondition: the shape has one element.
  public var item: Float {
    require(shape.count == 1, "item of a tensor of shape \(shape)")
    return withValues { $0[0] }
  }

  /// Whether `backward` computes a gradient here.
  public var wantsGradient: Bool { tape.nodes[node].wantsGradient }

  /// Whether a `backward` call has reached it, so that there is a gradient to read.
  public var hasGradient: Bool {
    wantsGradient && tape.nodes[node].gradient != nil && tape.nodes[node].hasGradient
  }

  /// A copy of `∂loss/∂self`, row by row: of all `backward` calls since the last `zeroGradients`
  /// for a leaf, of the last call for other tensors.
  ///
  /// - Precondition: the tensor wants a gradient, and a `backward` call has reached it.
  public var gradient: [Float] {
    require(
      wantsGradient,
      "a tensor of shape \(shape) that wants no gradient has none: make it a variable")
    guard let gradient = tape.nodes[node].gradient, tape.nodes[node].hasGradient else {
      misuse("a tensor of shape \(shape) has no gradient before backward reaches it")
    }
    return Array(UnsafeBufferPointer(start: gradient, count: shape.count))
  }

  /// Computes the gradients of everything that this scalar depends on; they add up in the leaves
  /// until `Tape.zeroGradients()`.
  ///
  /// - Precondition: the tensor is a scalar that depends on a variable.
  public func backward() { tape.backward(from: self) }

  /// The values, to read in place.
  public func withValues<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try body(UnsafeBufferPointer(start: tape.nodes[node].value, count: tape.nodes[node].count))
  }

  /// The values of a leaf, to set before `Tape.replay()`.
  ///
  /// - Precondition: the tensor is a leaf.
  public func withMutableValues<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    require(tape.operations[node] == nil, "only the values of a leaf can be set")
    let node = tape.nodes[node]
    return try body(UnsafeMutableBufferPointer(start: node.value, count: node.count))
  }
}

/// Row numbers, column numbers or labels on a tape.
public struct Indices {
  let tape: Tape
  let storage: UnsafeMutableBufferPointer<Int32>

  /// How many there are.
  public var count: Int { storage.count }

  /// The entries, to read or to set before `Tape.replay()`.
  public func withMutableValues<R>(
    _ body: (UnsafeMutableBufferPointer<Int32>) throws -> R
  ) rethrows -> R {
    try body(storage)
  }
}

/// Indices as an operation keeps them: the place alone, without a reference to count.
struct IndexList: @unchecked Sendable {
  // Safe: the tape that owns the operation owns the storage too, and belongs to one worker.
  let storage: UnsafeMutableBufferPointer<Int32>
  var count: Int { storage.count }

  /// - Precondition: `indices` stand on `tape`, whose memory they are.
  init(_ indices: Indices, on tape: Tape) {
    require(indices.tape === tape, "\(indices.count) indices of another tape")
    storage = indices.storage
  }

  /// Entry `i`, which must be one of `0..<limit`.
  @inline(__always)
  func entry(_ i: Int, below limit: Int, in operation: String) -> Int {
    let value = Int(storage[i])
    require(value >= 0 && value < limit, "\(operation): index \(value) at \(i), of \(limit)")
    return value
  }

  /// The first entry of `rows`.
  @inline(__always)
  func start(_ rows: Range<Int>) -> UnsafePointer<Int32> {
    UnsafePointer(storage.baseAddress.unsafelyUnwrapped + rows.lowerBound)
  }

  /// Stops at the first entry of `rows` that is not one of `0..<limit`.
  func refuse(_ rows: Range<Int>, below limit: Int, in operation: String) {
    for row in rows { _ = entry(row, below: limit, in: operation) }
  }
}
