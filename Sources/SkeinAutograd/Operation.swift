import SkeinFiles
import SkeinKernels

/// One differentiable operation: its shape rule, its forward pass and its backward pass.
///
/// An operation is a small struct of plain numbers (sizes, slopes) that are fixed when it is
/// recorded. Everything that changes from step to step stands in the frame, so that a recorded
/// tape runs again and again without allocating anything.
protocol Operation: Sendable {
  /// The op's name in messages.
  static var name: String { get }

  /// How many Floats the forward pass keeps for the backward pass.
  var scratchCount: Int { get }

  /// The shape of the result; stops with both shapes where the operands don't fit.
  func resultShape(_ operands: [Shape]) -> Shape

  /// Writes every element of `frame.result`.
  func forward(_ frame: Frame)

  /// For each operand `k` for which `frame.gradient(k)` is there: adds `∂loss/∂operand`, given
  /// `frame.resultGradient` = `∂loss/∂result`. An operand may stand in two places (`x · x`), so
  /// each gradient is asked for and written before the next one.
  func backward(_ frame: Frame)

  /// How operand `k`'s gradient is computed after a backward pass; nil where that pass has to write
  /// it down. Then `frame.gradient(k)` may be nil in `backward` although a gradient is wanted.
  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule?
}

extension Operation {
  var scratchCount: Int { 0 }

  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? { nil }
}

/// An operation behind a class: a pass calls it through one pointer, without copying it.
class RecordedOperation {
  func forward(_ frame: Frame) { misuse("an operation without a forward pass") }
  func backward(_ frame: Frame) { misuse("an operation without a backward pass") }
  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? { nil }
}

/// The operation itself, whose passes are compiled for its type.
final class Recorded<Wrapped: Operation>: RecordedOperation {
  private let operation: Wrapped

  init(_ operation: Wrapped) { self.operation = operation }

  override func forward(_ frame: Frame) { operation.forward(frame) }
  override func backward(_ frame: Frame) { operation.backward(frame) }
  override func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? {
    operation.gradientRule(ofOperand: k, frame)
  }
}

/// What one node of a tape remembers between passes. Plain data: no reference in it.
struct Node {
  var value: UnsafeMutablePointer<Float>
  /// Where a backward pass writes the gradient; nil where none is wanted, or where a parameter's is
  /// computed after the pass.
  var gradient: UnsafeMutablePointer<Float>?
  var wantsGradient: Bool
  var count: Int
  var scratch: UnsafeMutablePointer<Float>?
  /// The panels of a matrix of weights, if somebody keeps them: a copy of `value`.
  var panels: WeightPanels.Place?
  var firstOperand: Int
  /// Whether `gradient` holds something: a first contribution overwrites, further ones add.
  var hasGradient = false
}

/// One node during a pass: its operands, its result and their gradients.
struct Frame {
  let nodes: UnsafeMutablePointer<Node>
  let operands: UnsafePointer<Int>
  let index: Int

  /// The values of operand `k`.
  @inline(__always)
  func operand(_ k: Int) -> UnsafeBufferPointer<Float> {
    let node = nodes[operands[k]]
    return UnsafeBufferPointer(start: node.value, count: node.count)
  }

  /// The panels of operand `k`, if it has some.
  @inline(__always)
  func panels(_ k: Int) -> WeightPanels.Place? { nodes[operands[k]].panels }

  /// The values of the result.
  @inline(__always)
  var result: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: nodes[index].value, count: nodes[index].count)
  }

  /// `∂loss/∂result`; only during a backward pass.
  @inline(__always)
  var resultGradient: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: nodes[index].gradient, count: nodes[index].count)
  }

  /// What the forward pass keeps for the backward pass; `scratchCount` elements.
  @inline(__always)
  var scratch: UnsafeMutablePointer<Float> {
    guard let scratch = nodes[index].scratch else { misuse("an operation without scratch memory") }
    return scratch
  }

  /// Where operand `k`'s gradient goes, or nil where none is wanted.
  @inline(__always)
  func gradient(_ k: Int) -> GradientSink? {
    let operand = operands[k]
    guard let gradient = nodes[operand].gradient else { return nil }
    let accumulates = nodes[operand].hasGradient
    nodes[operand].hasGradient = true
    return GradientSink(
      values: UnsafeMutableBufferPointer(start: gradient, count: nodes[operand].count),
      accumulates: accumulates)
  }
}

/// The place that one contribution to a gradient goes to.
struct GradientSink {
  let values: UnsafeMutableBufferPointer<Float>
  /// False for the first contribution, which overwrites what stood there.
  let accumulates: Bool

  /// Adds `term(i)` to every element `i`.
  @inline(__always)
  func add(_ term: (Int) -> Float) { add(0..<values.count, term) }

  /// Adds `term(i)` to the elements `i` in `range`. Call it once for each part of the elements.
  @inline(__always)
  func add(_ range: Range<Int>, _ term: (Int) -> Float) {
    guard let p = values.baseAddress else { return }
    if accumulates {
      for i in range { p[i] += term(i) }
    } else {
      for i in range { p[i] = term(i) }
    }
  }

  /// The elements, zeroed first where this is the first contribution: for sparse sums.
  @inline(__always)
  var summed: UnsafeMutableBufferPointer<Float> {
    if !accumulates { values.update(repeating: 0) }
    return values
  }
}
