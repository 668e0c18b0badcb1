import SkeinFiles

/// What a backward pass from one tensor does.
struct BackwardPlan {
  /// The operations that take part, by their place in the tape's program, last first.
  let operations: [Int]
  /// Of each of the tape's operands, whether the contribution to its gradient is added to what
  /// stands there. The first one overwrites.
  let accumulates: [Bool]
  /// The nodes that get a gradient.
  let reached: [Bool]
}

extension Tape {
  /// Adds `∂loss/∂leaf` to the gradient of every variable that `loss` depends on.
  ///
  /// Gradients of variables accumulate from call to call until `zeroGradients()`, as in PyTorch;
  /// those of intermediate results are of the last call. One loop over the tape: O(recorded work).
  ///
  /// - Precondition: `loss` is a scalar of this tape that depends on a variable.
  func backward(from loss: Tensor) {
    require(
      loss.shape.count == 1,
      "backward starts at a scalar, and this tensor has shape \(loss.shape): sum it first")
    guard let seed = nodes[loss.node].gradient else {
      misuse("backward from a tensor that depends on no variable")
    }
    prepareParameterGradients()
    // What a leaf holds from earlier calls takes part; everything else starts afresh.
    let leaves = nodes.indices.map { operations[$0] == nil && nodes[$0].hasGradient }
    let plan = plan(from: loss, holding: leaves)
    seed.pointee = leaves[loss.node] ? seed.pointee + 1 : 1
    plan.accumulates.withUnsafeBufferPointer { flags in
      run(plan.operations, accumulates: flags.baseAddress) { operation, frame in
        operation.backward(frame)
      }
    }
    for index in nodes.indices { nodes[index].hasGradient = plan.reached[index] || leaves[index] }
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

  /// The backward pass from `loss`. O(recorded operations).
  ///
  /// - Parameter holding: the nodes whose gradients hold something that contributions are added to.
  func plan(from loss: Tensor, holding: [Bool]) -> BackwardPlan {
    var accumulates = [Bool](repeating: false, count: operands.count)
    var (holds, reached) = (holding, [Bool](repeating: false, count: nodes.count))
    (holds[loss.node], reached[loss.node]) = (true, true)
    var order: [Int] = []
    for (place, entry) in program.enumerated().reversed()
    where reached[entry.node] && nodes[entry.node].wantsGradient {
      order.append(place)
      for position in operandPositions(of: entry.node) {
        let operand = operands[position]
        guard nodes[operand].wantsGradient else { continue }
        accumulates[position] = holds[operand]
        (holds[operand], reached[operand]) = (true, true)
      }
    }
    return BackwardPlan(operations: order, accumulates: accumulates, reached: reached)
  }

  /// Where in `operands` the nodes stand that node `node` is made from.
  func operandPositions(of node: Int) -> Range<Int> {
    nodes[node]
      .firstOperand..<(node + 1 < nodes.count ? nodes[node + 1].firstOperand : operands.count)
  }

  /// Gives every parameter's gradient its memory.
  private func prepareParameterGradients() {
    for index in parameters.indices {
      let node = parameters[index].node
      if let shared = parameters[index].sharedGradient {
        // What other tapes have left there takes part.
        nodes[node].gradient = shared
        nodes[node].hasGradient = true
      } else if nodes[node].gradient == nil {
        nodes[node].gradient = ownGradient(of: index)
      }
    }
  }

  /// Memory for the gradient of parameter `index` alone.
  func ownGradient(of index: Int) -> UnsafeMutablePointer<Float> {
    if let memory = parameters[index].ownGradient { return memory }
    let memory = arena.floats(parameters[index].range.count)
    parameters[index].ownGradient = memory
    return memory
  }
}
