import SkeinKernels

extension Tape {
  /// One training step's backward pass: every variable's gradient is overwritten, and those of
  /// parameters go to `gradients`, each where the parameter stands in its own buffer. O(recorded
  /// work).
  ///
  /// - Precondition: `loss` is a scalar of this tape that depends on a variable or parameter.
  public func backward(from loss: Tensor, into gradients: FloatBuffer) {
    let program = BatchProgram(self, loss: loss)
    program.backward(0..<program.sampleCount)
    for (parameter, gradient) in zip(parameters, program.gradients) {
      gradient.write(
        ParameterBlock(start: parameter.range.lowerBound, shape: shapes[parameter.node]),
        into: gradients, at: parameter.range.lowerBound)
    }
  }

  /// How each parameter's gradient is computed after a backward pass, and the nodes as that pass
  /// sees them: a parameter has memory for its gradient only where the pass has to write one.
  ///
  /// - Parameter reached: which nodes get a gradient; nil where there is no backward pass.
  /// - Returns: besides both, the memory of what the pass writes, and of copies for it.
  func deferredGradients(
    _ reached: [Bool]?
  ) -> (nodes: [Node], gradients: [DeferredGradient], memory: Arena) {
    var nodes = nodes
    let memory = Arena()
    guard let reached else { return (nodes, [], memory) }
    for parameter in parameters { nodes[parameter.node].gradient = nil }
    let gradients = parameters.map { parameter in
      guard reached[parameter.node] else {
        return DeferredGradient(rule: .zero, range: parameter.range)
      }
      if let rule = rule(of: parameter.node, reached) {
        let gradient = DeferredGradient(rule: rule, range: parameter.range)
        return sampleCount == nil ? gradient : gradient.withCopies(in: memory)
      }
      let written = memory.floats(parameter.range.count)
      nodes[parameter.node].gradient = written
      return DeferredGradient(rule: .written(written), range: parameter.range)
    }
    return (nodes, gradients, memory)
  }

  /// How the gradient of a parameter is computed behind the pass; nil where the pass has to write
  /// it.
  private func rule(of node: Int, _ reached: [Bool]) -> DeferredGradient.Rule? {
    let uses = program.flatMap { user, operation in
      operandPositions(of: user).enumerated()
        .filter { operands[$0.element] == node && reached[user] }
        .map { (node: user, operand: $0.offset, operation: operation) }
    }
    guard uses.count == 1, let use = uses.first, !readsAnotherParameter(use.node, node),
      // Over some of the samples it can be had only where its user has rows of theirs.
      sampleCount == nil || nodes[use.node].sampleWidth > 0
    else { return nil }
    return nodes.withUnsafeBufferPointer { nodes in
      operands.withUnsafeBufferPointer { operands in
        guard let first = nodes.baseAddress, let list = operands.baseAddress else { return nil }
        let frame = Frame(
          nodes: first, operands: list + first[use.node].firstOperand, accumulates: nil,
          index: use.node, samples: 0..<(sampleCount ?? 0))
        return use.operation.takeUnretainedValue().gradientRule(ofOperand: use.operand, frame)
      }
    }
  }

  /// Whether what the gradient would be computed from is itself a parameter, which an update may
  /// change meanwhile: the input of a layer may be one. Weights and biases of one layer do not
  /// matter.
  private func readsAnotherParameter(_ user: Int, _ node: Int) -> Bool {
    guard let input = operandPositions(of: user).first.map({ operands[$0] }), input != node else {
      return false
    }
    return parameters.contains { $0.node == input }
  }
}
