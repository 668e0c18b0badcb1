/// A leaf that lies in a buffer which several tapes share.
struct Parameter {
  let node: Int
  /// Its elements in the buffer.
  let range: Range<Int>
  /// Where backward passes add up its gradient, unless that is formed later.
  let ownGradient: UnsafeMutablePointer<Float>
}

/// The backward pass of a training step.
///
/// A weight matrix's gradient is a product of what the pass leaves on the tape anyway: dW = dzᵀ · x.
/// Writing it down for every batch shard, and reading it again to add the shards up, costs more
/// than the rest of the update. So the pass ends before it, and a `GradientForm` gives any block of
/// it when the reducer wants it: small enough to be added up and used within the inner cache.
extension Tape {
  /// Takes those parameters out of the backward passes of `propagate` whose gradients can be formed
  /// after it.
  ///
  /// - Returns: how each parameter's gradient is formed, in the order in which they were recorded;
  ///   valid as long as nothing more is recorded.
  /// - Precondition: `loss` is a scalar of this tape that depends on a parameter.
  public func gradientForms(of loss: Tensor) -> [GradientForm] {
    formsGradientsLater = true
    for parameter in parameters { nodes[parameter.node].gradient = parameter.ownGradient }
    // Which nodes a backward pass reaches is the same every time.
    propagate(from: loss)
    return parameters.map { parameter in
      let uses = program.flatMap { node, operation in
        operands(of: node).enumerated().filter { $0.element == parameter.node }
          .map { (node: node, operand: $0.offset, operation: operation) }
      }
      let rule: GradientForm.Rule
      if !nodes[parameter.node].hasGradient {
        rule = .zero
      } else if uses.count == 1,
        let formed = self.rule(uses[0].node, uses[0].operand, uses[0].operation)
      {
        rule = formed
        nodes[parameter.node].gradient = nil
      } else {
        rule = .written(parameter.ownGradient)
      }
      return GradientForm(rule: rule, range: parameter.range)
    }
  }

  private func rule(
    _ node: Int, _ operand: Int, _ operation: Unmanaged<RecordedOperation>
  ) -> GradientForm.Rule? {
    nodes.withUnsafeMutableBufferPointer { nodes in
      operands.withUnsafeBufferPointer { operands in
        guard let first = nodes.baseAddress, let list = operands.baseAddress else { return nil }
        let frame = Frame(
          nodes: first, operands: list + first[node].firstOperand, index: node)
        return operation.takeUnretainedValue().gradientRule(ofOperand: operand, frame)
      }
    }
  }

  /// Computes the gradients of everything between `loss` and the parameters; those of variables are
  /// overwritten, not accumulated.
  ///
  /// - Precondition: `loss` is a scalar of this tape that depends on a variable or parameter.
  public func propagate(from loss: Tensor) {
    backward(from: loss, accumulatesInLeaves: false)
  }

  /// `propagate`, and then every parameter's gradient in `gradients`, each where the parameter
  /// stands in its own buffer.
  public func backward(from loss: Tensor, into gradients: FloatBuffer) {
    let forms = gradientForms(of: loss)
    for (parameter, form) in zip(parameters, forms) {
      form.write(
        ParameterBlock(start: parameter.range.lowerBound, shape: shapes[parameter.node]),
        into: gradients, at: parameter.range.lowerBound)
    }
  }

  /// Puts the parameters back into the backward passes.
  func formGradientsAtOnce() {
    formsGradientsLater = false
    for parameter in parameters { nodes[parameter.node].gradient = parameter.ownGradient }
  }

  /// The nodes that node `node` is made from.
  private func operands(of node: Int) -> ArraySlice<Int> {
    let first = nodes[node].firstOperand
    // The next operation's operands stand behind this one's.
    let next = nodes[(node + 1)...].first { $0.firstOperand > first }?.firstOperand
    return operands[first..<(next ?? operands.count)]
  }
}
