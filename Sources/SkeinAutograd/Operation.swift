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

  /// For each operand `k` for which `frame.gradient(k)` is there, in ascending order: adds
  /// `∂loss/∂operand`, given `frame.resultGradient` = `∂loss/∂result`. An operand may stand in two
  /// places (`x · x`), so each gradient is written before the next one is asked for.
  func backward(_ frame: Frame)

  /// How operand `k`'s gradient is computed after a backward pass; nil where that pass has to write
  /// it down. Then `frame.gradient(k)` may be nil in `backward` although a gradient is wanted.
  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule?

  /// Whether row i of the result, along its first axis, depends on row i of those operands alone
  /// that have a row per sample of a batch, and the same for gradients. Then both passes may run on
  /// a range of the rows: they take the number of rows from the frame.
  ///
  /// - Parameter hasSamples: of each operand, whether its rows are a batch's samples. One is.
  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool
}

extension Operation {
  var scratchCount: Int { 0 }

  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? { nil }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { false }
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
  /// The elements of a sample, where each row belongs to one sample of a batch; 0 elsewhere.
  var sampleWidth = 0
  var scratch: UnsafeMutablePointer<Float>?
  /// The panels of a matrix of weights, if somebody keeps them: a copy of `value`.
  var panels: WeightPanels.Place?
  var firstOperand: Int
  /// Whether `gradient` holds something.
  var hasGradient = false

  /// The elements of `memory`, which has this node's shape, in a pass over `samples`: theirs, or
  /// all where there is nothing of a sample's own.
  @inline(__always)
  func part(
    of memory: UnsafeMutablePointer<Float>?, _ samples: Range<Int>
  ) -> UnsafeMutableBufferPointer<Float> {
    guard sampleWidth > 0 else { return UnsafeMutableBufferPointer(start: memory, count: count) }
    return UnsafeMutableBufferPointer(
      start: memory.map { $0 + samples.lowerBound &* sampleWidth },
      count: samples.count &* sampleWidth)
  }
}

/// One node during a pass: its operands, its result and their gradients.
///
/// A pass runs on some of a batch's samples, or on all. Of what has a row per sample, a frame shows
/// the rows of those.
struct Frame {
  let nodes: UnsafePointer<Node>
  /// The nodes of the operands.
  let operands: UnsafePointer<Int>
  /// In a backward pass, whether the contribution to each operand's gradient is added to what
  /// stands there. The first one of a pass overwrites.
  let accumulates: UnsafePointer<Bool>?
  let index: Int
  let samples: Range<Int>

  /// The values of operand `k`.
  @inline(__always)
  func operand(_ k: Int) -> UnsafeBufferPointer<Float> {
    let node = nodes + operands[k]
    return UnsafeBufferPointer(node.pointee.part(of: node.pointee.value, samples))
  }

  /// The panels of operand `k`, if it has some.
  @inline(__always)
  func panels(_ k: Int) -> WeightPanels.Place? { nodes[operands[k]].panels }

  /// The values of the result.
  @inline(__always)
  var result: UnsafeMutableBufferPointer<Float> {
    nodes[index].part(of: nodes[index].value, samples)
  }

  /// `∂loss/∂result`; only during a backward pass.
  @inline(__always)
  var resultGradient: UnsafeBufferPointer<Float> { UnsafeBufferPointer(mutableResultGradient) }

  /// The same, to be overwritten by a gradient of something within the operation.
  @inline(__always)
  var mutableResultGradient: UnsafeMutableBufferPointer<Float> {
    nodes[index].part(of: nodes[index].gradient, samples)
  }

  /// Which rows of the result the pass is about, given how many there are in all.
  @inline(__always)
  func rows(of all: Int) -> Range<Int> {
    nodes[index].sampleWidth > 0 ? samples : 0..<all
  }

  /// Which element of the whole result the pass begins with.
  @inline(__always)
  var firstElement: Int { samples.lowerBound &* nodes[index].sampleWidth }

  /// What the forward pass keeps for the backward pass, for all rows; `scratchCount` elements.
  @inline(__always)
  var scratch: UnsafeMutablePointer<Float> {
    guard let scratch = nodes[index].scratch else { misuse("an operation without scratch memory") }
    return scratch
  }

  /// Where operand `k`'s gradient goes, or nil where none is wanted.
  @inline(__always)
  func gradient(_ k: Int) -> GradientSink? {
    let node = nodes + operands[k]
    guard let gradient = node.pointee.gradient, let accumulates else { return nil }
    return GradientSink(
      values: node.pointee.part(of: gradient, samples), accumulates: accumulates[k])
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
    add(to: p + range.lowerBound, count: range.count) { term(range.lowerBound + $0) }
  }

  /// Adds `term(i)` to element `i` of the `count` elements from `p` on, which is a part of
  /// `values`. Call it once for each part.
  @inline(__always)
  func add(to p: UnsafeMutablePointer<Float>, count: Int, _ term: (Int) -> Float) {
    if accumulates {
      for i in 0..<count { p[i] += term(i) }
    } else {
      for i in 0..<count { p[i] = term(i) }
    }
  }

  /// The elements, zeroed first where this is the first contribution: for sparse sums.
  @inline(__always)
  var summed: UnsafeMutableBufferPointer<Float> {
    if !accumulates { values.update(repeating: 0) }
    return values
  }
}
