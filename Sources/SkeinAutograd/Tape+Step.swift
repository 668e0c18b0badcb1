import SkeinFiles
import SkeinKernels

/// The backward pass of a training step.
///
/// A weight matrix's gradient is a product of what the pass leaves on the tape anyway: dW = dzᵀ ·
/// x. Writing it down for every batch shard, and reading it again to add the shards up, costs more
/// than the rest of the update. So the pass ends before it, and a `DeferredGradient` gives any
/// block of it when the reducer wants it: small enough to be added up and used within a core's
/// cache.
extension Tape {
  /// Takes those parameters out of the backward passes of `propagate` whose gradients can be
  /// computed after it. O(recorded operations) the first time.
  ///
  /// - Returns: how each parameter's gradient is computed, in the order in which they were
  ///   recorded; valid as long as nothing more is recorded.
  /// - Precondition: `loss` stands on this tape.
  package func deferredGradients(of loss: Tensor) -> [DeferredGradient] {
    if let known = stepGradients, known.loss == loss.node, known.programCount == program.count {
      return known.gradients
    }
    let reached = nodesThatGetGradients(from: loss)
    let gradients = parameters.indices.map { index in
      DeferredGradient(rule: rule(of: index, reached), range: parameters[index].range)
    }
    stepGradients = StepGradients(
      loss: loss.node, programCount: program.count, gradients: gradients)
    return gradients
  }

  /// Computes the gradients of everything between `loss` and the parameters; those of variables are
  /// overwritten, not accumulated.
  ///
  /// - Precondition: nothing was recorded since `deferredGradients(of:)` was asked for this loss.
  package func propagate(from loss: Tensor) {
    require(
      stepGradients?.loss == loss.node && stepGradients?.programCount == program.count,
      "propagate: ask for the loss's deferred gradients after the last operation")
    backward(from: loss, accumulatesInLeaves: false)
  }

  /// One training step's backward pass: every variable's gradient is overwritten, and those of
  /// parameters go to `gradients`, each where the parameter stands in its own buffer.
  ///
  /// - Precondition: `loss` is a scalar of this tape that depends on a variable or parameter.
  public func backward(from loss: Tensor, into gradients: FloatBuffer) {
    let deferred = deferredGradients(of: loss)
    propagate(from: loss)
    for (parameter, gradient) in zip(parameters, deferred) {
      gradient.write(
        ParameterBlock(start: parameter.range.lowerBound, shape: shapes[parameter.node]),
        into: gradients, at: parameter.range.lowerBound)
    }
  }

  /// Has backward passes write every parameter's gradient. One of the tape's own begins afresh
  /// behind a training step; in shared memory, what stands there takes part.
  func writeParameterGradients() {
    let beginsAfresh = stepGradients != nil
    stepGradients = nil
    for index in parameters.indices {
      let node = parameters[index].node
      if let shared = parameters[index].sharedGradient {
        nodes[node].gradient = shared
        nodes[node].hasGradient = true
        continue
      }
      if beginsAfresh { nodes[node].hasGradient = false }
      if nodes[node].gradient == nil { nodes[node].gradient = ownGradient(of: index) }
    }
  }

  private func ownGradient(of index: Int) -> UnsafeMutablePointer<Float> {
    if let memory = parameters[index].ownGradient { return memory }
    let memory = arena.floats(parameters[index].range.count)
    parameters[index].ownGradient = memory
    return memory
  }

  /// How the gradient of parameter `index` is computed, which decides where backward passes write
  /// it.
  private func rule(of index: Int, _ reached: [Bool]) -> DeferredGradient.Rule {
    let node = parameters[index].node
    nodes[node].gradient = nil
    guard reached[node] else { return .zero }
    let uses = program.flatMap { user, operation in
      operands(of: user).enumerated().filter { $0.element == node && reached[user] }
        .map { (node: user, operand: $0.offset, operation: operation) }
    }
    if uses.count == 1, !readsAnotherParameter(uses[0].node, node),
      let rule = rule(uses[0].node, uses[0].operand, uses[0].operation)
    {
      return rule
    }
    let memory = ownGradient(of: index)
    nodes[node].gradient = memory
    return .written(memory)
  }

  /// Whether what the gradient would be computed from is itself a parameter, which an update may
  /// change meanwhile: the input of a layer may be one. Weights and biases of one layer do not
  /// matter.
  private func readsAnotherParameter(_ user: Int, _ node: Int) -> Bool {
    guard let input = operands(of: user).first, input != node else { return false }
    return parameters.contains { $0.node == input }
  }

  private func rule(
    _ node: Int, _ operand: Int, _ operation: Unmanaged<RecordedOperation>
  ) -> DeferredGradient.Rule? {
    nodes.withUnsafeMutableBufferPointer { nodes in
      operands.withUnsafeBufferPointer { operands in
        guard let first = nodes.baseAddress, let list = operands.baseAddress else { return nil }
        let frame = Frame(
          nodes: first, operands: list + first[node].firstOperand, index: node)
        return operation.takeUnretainedValue().gradientRule(ofOperand: operand, frame)
      }
    }
  }

  /// Which nodes a backward pass from `loss` reaches.
  private func nodesThatGetGradients(from loss: Tensor) -> [Bool] {
    var reached = [Bool](repeating: false, count: nodes.count)
    reached[loss.node] = true
    for (node, _) in program.reversed() where reached[node] {
      for operand in operands(of: node) where nodes[operand].wantsGradient {
        reached[operand] = true
      }
    }
    return reached
  }

  /// The nodes that node `node` is made from.
  private func operands(of node: Int) -> ArraySlice<Int> {
    let first = nodes[node].firstOperand
    // The next operation's operands stand behind this one's.
    let next = nodes[(node + 1)...].first { $0.firstOperand > first }?.firstOperand
    return operands[first..<(next ?? operands.count)]
  }
}
