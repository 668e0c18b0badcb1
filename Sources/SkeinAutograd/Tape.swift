import SkeinFiles
import SkeinKernels

/// The record of a computation: a flat list of nodes, each made from earlier ones.
///
/// Every operation on a `Tensor` runs at once and is appended here (define-by-run). Nodes refer to
/// each other by index, so the backward pass is one loop from the end to the beginning, and a
/// recorded computation whose shapes repeat is run again with `replay()`, without allocation or
/// reference counting.
///
/// A tape belongs to one worker at a time. Source: the "Wengert list", R. E. Wengert, "A simple
/// automatic derivative evaluation program", CACM 7(8), 1964.
public final class Tape {
  let arena = Arena()
  /// The buffers that parameters, their gradients and their panels lie in, kept as long as the
  /// tape.
  private var parameterBuffers: [FloatBuffer] = []
  var nodes: [Node] = []
  var shapes: [Shape] = []
  /// What computes each node; nil for leaves.
  var operations: [RecordedOperation?] = []
  /// The operations in their order, without the leaves: what a pass runs through. Uncounted
  /// references to what `operations` owns.
  var program: [(node: Int, operation: Unmanaged<RecordedOperation>)] = []
  var operands: [Int] = []
  /// The leaves that lie in shared buffers and want gradients.
  var parameters: [Parameter] = []
  /// How many samples a batch has; nil on a tape without one.
  private(set) var sampleCount: Int?
  /// Each batch shard's first sample, from 0 on, where gradients are asked for whole batch shards
  /// only; empty where they are asked for any samples.
  package var batchShardStarts: [Int] = []
  /// Whether every operation on the batch's samples keeps them apart.
  private(set) var keepsSamplesApart = true

  /// An empty tape.
  public init() {}

  /// How many tensors are on the tape, leaves included.
  public var count: Int { nodes.count }

  // MARK: Leaves

  /// A leaf without a gradient.
  ///
  /// - Precondition: `values.count` = `shape.count`.
  public func constant(_ values: [Float], shape: Shape) -> Tensor {
    leaf(values, shape, wantsGradient: false)
  }

  /// A leaf whose gradient `backward` computes and accumulates until `zeroGradients()`.
  ///
  /// - Precondition: `values.count` = `shape.count`.
  public func variable(_ values: [Float], shape: Shape) -> Tensor {
    leaf(values, shape, wantsGradient: true)
  }

  /// A constant for a batch of `samples` samples, each of `width` elements, all 0: a matrix
  /// [samples, width]. What is made from it knows that it has a row per sample, as long as each row
  /// depends on one sample alone.
  ///
  /// - Precondition: all batches on a tape have as many samples.
  package func batch(samples: Int, width: Int) -> Tensor {
    require(
      samples > 0 && width > 0 && sampleCount ?? samples == samples,
      "a batch of \(samples) samples of \(width) elements, beside one of \(sampleCount ?? 0)")
    sampleCount = samples
    let tensor = constant(
      [Float](repeating: 0, count: samples * width), shape: [samples, width])
    nodes[tensor.node].sampleWidth = width
    return tensor
  }

  /// A constant for a number per sample of such a batch, all 0: [samples].
  ///
  /// - Precondition: all batches on a tape have as many samples.
  package func batch(samples: Int) -> Tensor {
    require(
      samples > 0 && sampleCount ?? samples == samples,
      "a batch of \(samples) samples beside one of \(sampleCount ?? 0)")
    sampleCount = samples
    let tensor = constant([Float](repeating: 0, count: samples))
    nodes[tensor.node].sampleWidth = 1
    return tensor
  }

  /// A one-axis constant.
  public func constant(_ values: [Float]) -> Tensor { constant(values, shape: [values.count]) }

  /// A one-axis variable.
  public func variable(_ values: [Float]) -> Tensor { variable(values, shape: [values.count]) }

  /// A scalar constant.
  public func constant(_ value: Float) -> Tensor { constant([value], shape: []) }

  /// A scalar variable.
  public func variable(_ value: Float) -> Tensor { variable([value], shape: []) }

  /// A leaf that reads elements `offset ..< offset + shape.count` of a shared `buffer`.
  ///
  /// In a training step its gradient is what its `DeferredGradient` gives; with `wantsGradient`
  /// false it has none (evaluation). A parameter that is asked for again is the same leaf, so that
  /// all of its uses add up in one gradient.
  ///
  /// - Parameter gradients: where `backward` adds the gradient, at the places that the parameter
  ///   has in `buffer`: those of several tapes add up in it, as in PyTorch. Nil for memory of the
  ///   tape's own.
  /// - Precondition: parameters that want gradients do not overlap in part, and the gradient of
  ///   each goes to one place.
  public func parameter(
    in buffer: FloatBuffer, at offset: Int, shape: Shape, wantsGradient: Bool = true,
    gradients: FloatBuffer? = nil
  ) -> Tensor {
    parameter(
      in: buffer, at: offset, shape: shape, wantsGradient: wantsGradient, gradients: gradients,
      panels: nil)
  }

  /// The same, of which `panels` may have a copy. Whoever changes the parameter changes the copy.
  package func parameter(
    in buffer: FloatBuffer, at offset: Int, shape: Shape, wantsGradient: Bool,
    gradients: FloatBuffer?, panels: WeightPanels?
  ) -> Tensor {
    for memory in [buffer, gradients].compactMap({ $0 }) {
      memory.check(offset..<(offset + shape.count))
      keep(memory)
    }
    if wantsGradient {
      for (index, other) in parameters.enumerated()
      where nodes[other.node].value == buffer.base + other.range.lowerBound {
        let place = other.range.lowerBound
        guard offset < other.range.upperBound, place < offset + shape.count else { continue }
        require(
          place == offset && shapes[other.node] == shape,
          "parameters at \(place) of shape \(shapes[other.node]) and at \(offset) of shape "
            + "\(shape) overlap"
        )
        if let gradients { addGradient(of: index, to: gradients) }
        return Tensor(tape: self, node: other.node)
      }
    }
    // Its gradient's memory is made when a backward pass has to write one.
    let tensor = append(
      Node(
        value: buffer.base + offset, gradient: nil, wantsGradient: wantsGradient,
        count: shape.count, firstOperand: operands.count),
      shape, nil)
    if let panels, let place = panels.place(of: offset) {
      keep(panels.memory)
      nodes[tensor.node].panels = place
    }
    if wantsGradient {
      parameters.append(Parameter(node: tensor.node, range: offset..<(offset + shape.count)))
      if let gradients { addGradient(of: parameters.count - 1, to: gradients) }
    }
    return tensor
  }

  /// Keeps a buffer that nodes point into as long as the tape.
  private func keep(_ memory: FloatBuffer) {
    if !parameterBuffers.contains(where: { $0 === memory }) { parameterBuffers.append(memory) }
  }

  /// Has backward passes add the gradient of parameter `index` to what stands in `gradients`.
  private func addGradient(of index: Int, to gradients: FloatBuffer) {
    let parameter = parameters[index]
    let place = gradients.base + parameter.range.lowerBound
    if parameter.sharedGradient == place { return }
    require(
      parameter.sharedGradient == nil && !nodes[parameter.node].hasGradient,
      "the gradient of the parameter at \(parameter.range) goes to another place already")
    parameters[index].sharedGradient = place
  }

  /// A list of row numbers, column numbers or labels that operations on this tape look up; its
  /// entries can be set anew before each `replay()`.
  public func indices(_ values: [Int32]) -> Indices {
    let storage = arena.indices(values.count)
    _ = storage.update(fromContentsOf: values)
    return Indices(tape: self, storage: storage)
  }

  private func leaf(_ values: [Float], _ shape: Shape, wantsGradient: Bool) -> Tensor {
    require(values.count == shape.count, "\(values.count) values for shape \(shape)")
    let memory = arena.floats(shape.count)
    memory.update(from: values, count: values.count)
    let gradient = wantsGradient ? arena.floats(shape.count) : nil
    return append(
      Node(
        value: memory, gradient: gradient, wantsGradient: wantsGradient, count: shape.count,
        firstOperand: operands.count),
      shape, nil)
  }

  // MARK: Recording

  /// Appends `operation`, runs its forward pass, and returns the result.
  func record(_ operation: some Operation, _ inputs: [Tensor]) -> Tensor {
    let name = type(of: operation).name
    for input in inputs {
      require(input.tape === self, "\(name): its operands stand on different tapes")
    }
    let shape = operation.resultShape(inputs.map(\.shape))
    let wantsGradient = inputs.contains { nodes[$0.node].wantsGradient }
    let node = Node(
      value: arena.floats(shape.count), gradient: wantsGradient ? arena.floats(shape.count) : nil,
      wantsGradient: wantsGradient, count: shape.count,
      sampleWidth: sampleWidth(operation, inputs, shape),
      scratch: operation.scratchCount > 0 ? arena.floats(operation.scratchCount) : nil,
      firstOperand: operands.count)
    operands += inputs.map(\.node)
    let recorded = Recorded(operation)
    let tensor = append(node, shape, recorded)
    program.append((tensor.node, Unmanaged.passUnretained(recorded)))
    run((program.count - 1)..<program.count) { operation, frame in operation.forward(frame) }
    return tensor
  }

  /// How many elements of a result belong to each sample of the batch; 0 where they depend on none,
  /// or on all.
  private func sampleWidth(
    _ operation: some Operation, _ inputs: [Tensor], _ shape: Shape
  ) -> Int {
    let hasSamples = inputs.map { nodes[$0.node].sampleWidth > 0 }
    guard let sampleCount, hasSamples.contains(true) else { return 0 }
    guard operation.keepsSamplesApart(hasSamples) else {
      keepsSamplesApart = false
      return 0
    }
    return shape.count / sampleCount
  }

  private func append(_ node: Node, _ shape: Shape, _ operation: RecordedOperation?) -> Tensor {
    nodes.append(node)
    shapes.append(shape)
    operations.append(operation)
    return Tensor(tape: self, node: nodes.count - 1)
  }

  // MARK: Passes

  /// Runs every recorded operation again, in order, on the leaves' present values.
  public func replay() {
    run(0..<program.count) { operation, frame in operation.forward(frame) }
  }

  /// Calls `body` for each operation of the program in `range`, in that order, with a frame of all
  /// samples. Allocates nothing and counts no reference.
  ///
  /// - Parameter accumulates: in a backward pass, of each operand, whether the contribution to its
  ///   gradient is added to what stands there.
  @inline(__always)
  func run(
    _ range: some Sequence<Int>, accumulates: UnsafePointer<Bool>? = nil,
    _ body: (RecordedOperation, Frame) -> Void
  ) {
    let samples = 0..<(sampleCount ?? 0)
    nodes.withUnsafeBufferPointer { nodes in
      operands.withUnsafeBufferPointer { operands in
        // A list without entries has no address, and then no operation has an operand.
        guard let first = nodes.baseAddress, let list = operands.baseAddress else { return }
        for index in range {
          let (node, operation) = program[index]
          let place = first[node].firstOperand
          let frame = Frame(
            nodes: first, operands: list + place, accumulates: accumulates.map { $0 + place },
            index: node, samples: samples)
          operation._withUnsafeGuaranteedRef { body($0, frame) }
        }
      }
    }
  }
}
