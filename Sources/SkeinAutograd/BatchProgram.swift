import SkeinFiles
import SkeinKernels

/// A recorded computation, made ready for training steps: its passes run on any of a batch's
/// samples, by several workers at once.
///
/// Samples do not touch each other: a row of every tensor is written by whoever has its sample. So
/// no bit depends on how a batch is cut. A weight matrix's gradient is a product over samples of
/// what a backward pass leaves on the tape anyway: dW = dzᵀ · x. Writing it down in the pass, and
/// reading it again to add it up, costs more than the rest of an update. So the pass ends before
/// it, and a `DeferredGradient` gives any block of it, over any samples, when the reducer wants it:
/// small enough to be added up and used within a core's cache.
///
/// `@unchecked Sendable`: its lists never change. The memory behind them is the tape's. During a
/// pass a worker writes the rows of its samples; between passes everything is only read.
package final class BatchProgram: @unchecked Sendable {
  /// One operation in a pass.
  private struct Step {
    let node: Int
    let firstOperand: Int
    let operation: Unmanaged<RecordedOperation>
  }

  /// How many samples a pass over all of them has: 0 on a tape without a batch.
  package let sampleCount: Int
  /// Whether passes may run on some of the samples. Where operations mix samples, or where
  /// something that is no sample's own gets a gradient in the pass, they run on all.
  package let canBeCut: Bool
  /// How each parameter's gradient is computed, in the order in which they were recorded.
  package let gradients: UnsafeBufferPointer<DeferredGradient>

  /// What the backward pass writes gradients of parameters into.
  private let memory: Arena
  private let loss: Int
  private let nodes: UnsafeMutableBufferPointer<Node>
  private let operands: UnsafeMutableBufferPointer<Int>
  private let accumulates: UnsafeMutableBufferPointer<Bool>
  private let forwardSteps: UnsafeMutableBufferPointer<Step>
  private let backwardSteps: UnsafeMutableBufferPointer<Step>

  /// Makes what stands on `tape` ready. O(recorded operations).
  ///
  /// - Parameter loss: what the gradients are of: the sum of its elements. Nil for forward passes
  ///   alone.
  /// - Precondition: nothing is recorded on the tape as long as the program is used, and the tape
  ///   is kept.
  package init(_ tape: Tape, loss: Tensor?) {
    let steps = tape.program.map { node, operation in
      Step(node: node, firstOperand: tape.nodes[node].firstOperand, operation: operation)
    }
    let plan = loss.map { tape.plan(from: $0, holding: tape.nodes.map { _ in false }) }
    let (nodes, gradients, memory) = tape.deferredGradients(plan?.reached)
    sampleCount = tape.sampleCount ?? 0
    canBeCut =
      sampleCount > 0 && tape.keepsSamplesApart
      && nodes.indices.allSatisfy { node in
        plan?.reached[node] != true || nodes[node].gradient == nil || nodes[node].sampleWidth > 0
      }
    self.memory = memory
    self.loss = loss?.node ?? 0
    self.nodes = .copy(of: nodes)
    operands = .copy(of: tape.operands)
    accumulates = .copy(of: plan?.accumulates ?? [])
    forwardSteps = .copy(of: steps)
    backwardSteps = .copy(of: plan?.operations.map { steps[$0] } ?? [])
    self.gradients = UnsafeBufferPointer(.copy(of: gradients))
  }

  deinit {
    nodes.deallocate()
    operands.deallocate()
    accumulates.deallocate()
    forwardSteps.deallocate()
    backwardSteps.deallocate()
    gradients.deallocate()
  }

  /// Runs every operation again, in order, for `samples`. Allocates nothing.
  ///
  /// - Precondition: these are all samples, or the program can be cut.
  package func forward(_ samples: Range<Int>) {
    check(samples)
    for step in forwardSteps {
      step.operation._withUnsafeGuaranteedRef { $0.forward(frame(step, samples)) }
    }
  }

  /// Computes, for `samples`, the gradients of everything between the loss and the parameters.
  /// Those of variables are overwritten, not accumulated. Allocates nothing.
  ///
  /// - Precondition: as for `forward`; there is a loss that depends on a variable or parameter.
  package func backward(_ samples: Range<Int>) {
    check(samples)
    guard !backwardSteps.isEmpty, let seed = nodes[loss].gradient else {
      misuse("a backward pass from a tensor that depends on no variable")
    }
    nodes[loss].part(of: seed, samples).update(repeating: 1)
    for step in backwardSteps {
      step.operation._withUnsafeGuaranteedRef { $0.backward(frame(step, samples)) }
    }
    for gradient in gradients { gradient.copy(samples) }
  }

  @inline(__always)
  private func frame(_ step: Step, _ samples: Range<Int>) -> Frame {
    Frame(
      nodes: UnsafePointer(nodes.baseAddress.unsafelyUnwrapped),
      operands: UnsafePointer(operands.baseAddress.unsafelyUnwrapped) + step.firstOperand,
      accumulates: accumulates.baseAddress.map { UnsafePointer($0) + step.firstOperand },
      index: step.node, samples: samples)
  }

  private func check(_ samples: Range<Int>) {
    require(
      samples == 0..<sampleCount
        || canBeCut && samples.lowerBound >= 0 && samples.upperBound <= sampleCount,
      "a pass over samples \(samples) of \(sampleCount)" + (canBeCut ? "" : ", which are not apart")
    )
  }
}

extension UnsafeMutableBufferPointer {
  /// The elements of `array` in memory of their own, which the caller deallocates.
  fileprivate static func copy(of array: [Element]) -> UnsafeMutableBufferPointer {
    let memory = allocate(capacity: Swift.max(array.count, 1))
    _ = memory.initialize(from: array)
    return UnsafeMutableBufferPointer(rebasing: memory[..<array.count])
  }
}
