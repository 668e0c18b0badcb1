import SkeinFiles

extension Tape {
  /// Adds `∂loss/∂leaf` to the gradient of every variable that `loss` depends on.
  ///
  /// Gradients of variables accumulate from call to call until `zeroGradients()`, as in PyTorch;
  /// those of intermediate results are of the last call. One loop over the tape: O(recorded work).
  ///
  /// - Precondition: `loss` is a scalar of this tape that depends on a variable.
  func backward(from loss: Tensor) {
    writeParameterGradients()
    backward(from: loss, accumulatesInLeaves: true)
  }

  /// Sets the gradient of every leaf back to zero, also where several tapes share its memory.
  public func zeroGradients() {
    for index in nodes.indices where operations[index] == nil {
      nodes[index].gradient?.update(repeating: 0, count: nodes[index].count)
    }
    for parameter in parameters {
      parameter.sharedGradient?.update(repeating: 0, count: parameter.range.count)
    }
  }

  func backward(from loss: Tensor, accumulatesInLeaves: Bool) {
    require(
      loss.shape.count == 1,
      "backward starts at a scalar, and this tensor has shape \(loss.shape): sum it first")
    guard let seed = nodes[loss.node].gradient else {
      misuse("backward from a tensor that depends on no variable")
    }
    // What a leaf holds from earlier calls takes part; everything else starts afresh.
    if accumulatesInLeaves {
      for (node, _) in program { nodes[node].hasGradient = false }
    } else {
      nodes.withUnsafeMutableBufferPointer { nodes in
        for index in nodes.indices { nodes[index].hasGradient = false }
      }
    }
    if nodes[loss.node].hasGradient { seed.pointee += 1 } else { seed.pointee = 1 }
    nodes[loss.node].hasGradient = true
    // Operations behind the loss have no gradient and are passed over.
    run((0..<program.count).reversed()) { operation, frame in
      let node = frame.nodes[frame.index]
      if node.hasGradient && node.gradient != nil { operation.backward(frame) }
    }
  }
}
