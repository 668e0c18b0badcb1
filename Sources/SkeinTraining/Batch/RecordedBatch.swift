import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel

/// The recorded computation for one number of samples: samples → outputs → losses.
///
/// Recorded once on a tape of its own and run again for every batch of that many samples, so a step
/// allocates nothing. Several workers may run it at once, each on other samples.
///
/// `@unchecked Sendable`: nothing is recorded after `init`; during a phase, whoever has a sample
/// alone uses its rows.
final class RecordedBatch: @unchecked Sendable {
  private let tape: Tape
  private let program: BatchProgram
  /// Where the samples and their targets stand.
  let input: BatchInput
  /// What the network gives [n, outputs].
  let outputs: Tensor
  /// The samples' losses, and their metrics. On the tape, so they stay as long as it does.
  private let losses: UnsafeBufferPointer<Float>
  private let metrics: [(metric: Metric, values: UnsafeBufferPointer<Float>)]
  /// How much a sample of each class counts; nil for all the same.
  private let classWeights: [Float]?

  /// - Parameters:
  ///   - samples: how many there are.
  ///   - hasWeights: whether the samples have weights.
  ///   - trains: whether there will be backward passes.
  ///   - panels: where to read the weights from; nil for the model itself.
  ///   - shards: how gradients will be asked for; nil where any samples' may be.
  init(
    _ model: FeedForward, _ objective: any Objective, samples: Int, hasWeights: Bool,
    trains: Bool, panels: WeightPanels? = nil, shards: BatchShards? = nil
  ) {
    let tape = Tape()
    if let shards {
      tape.batchShardStarts = (0..<shards.count(of: samples)).map {
        shards.range($0, of: samples).lowerBound
      }
    }
    let input = BatchInput(
      tape, samples: samples, width: model.network.inputs, target: objective.target,
      hasWeights: hasWeights)
    let outputs = model.forward(
      input.samples, trains: trains, gradients: nil, panels: panels
    ).outputs
    let ofClasses = objective.losses(outputs, input.target)
    let losses = input.weights.map { ofClasses * $0 } ?? ofClasses
    let metrics = objective.metrics(outputs, input.target)
    self.tape = tape
    self.input = input
    self.outputs = outputs
    self.losses = losses.withValues { $0 }
    self.metrics = metrics.map { metric, values in (metric, values.withValues { $0 }) }
    classWeights = objective.classWeights
    program = BatchProgram(tape, loss: trains ? losses : nil)
  }

  /// How many samples there are.
  var samples: Int { losses.count }

  /// Whether workers may share it, each with some of the samples.
  var canBeCut: Bool { program.canBeCut }

  /// How each parameter's gradient is computed behind `backward`, in the order of the model's
  /// layout; empty where nothing trains.
  var gradients: UnsafeBufferPointer<DeferredGradient> { program.gradients }

  /// Reads `rows` of `source` and runs the forward pass.
  ///
  /// - Parameter range: which of the samples they are; as many as rows.
  /// - Throws: what the source throws.
  func forward(_ rows: BatchRows, as range: Range<Int>, of source: any SampleSource) throws {
    try input.read(rows, as: range, from: source)
    program.forward(range)
  }

  /// Runs the backward pass of some samples, up to the parameters.
  func backward(_ range: Range<Int>) { program.backward(range) }

  /// What all samples add up to: in Double, from the first to the last, whoever computed them.
  var sums: BatchSums {
    var sums = BatchSums(samples: samples, weight: weight)
    for loss in losses { sums.loss += Double(loss) }
    for (metric, values) in metrics {
      var sum = 0.0
      for value in values { sum += Double(value) }
      sums[metric] = sum
    }
    return sums
  }

  /// The sum of what each sample counts, the weight of its class times its own; nil where each
  /// counts 1.
  private var weight: Double? {
    let own = input.weights?.withValues { $0 }
    guard let classWeights, case .classes(let labels) = input.target else {
      return own?.reduce(0) { $0 + Double($1) }
    }
    return labels.withMutableValues { labels in
      var sum = 0.0
      for (row, label) in labels.enumerated() {
        sum += Double(classWeights[Int(label)]) * Double(own?[row] ?? 1)
      }
      return sum
    }
  }
}
