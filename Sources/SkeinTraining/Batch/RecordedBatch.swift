import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel

/// The recorded computation for one number of rows: samples → outputs → sum of losses.
///
/// Recorded once on a tape of its own and replayed for every batch of that many rows, so a step
/// allocates nothing. Belongs to one worker at a time.
final class RecordedBatch {
  private let tape: Tape
  /// Where the samples and their targets stand.
  let input: BatchInput
  /// What the network gives [rows, outputs].
  let outputs: Tensor
  private let loss: Tensor
  private let objective: any Objective
  private let rows: Int
  /// The sum of the samples' gradients after `backward`, parameter by parameter in the order of the
  /// model's layout; empty where nothing trains.
  let gradients: UnsafeBufferPointer<DeferredGradient>

  /// - Parameter panels: where to read the weights from; nil for the model itself.
  init(
    _ model: FeedForward, _ objective: any Objective, rows: Int, trains: Bool,
    panels: WeightPanels? = nil
  ) {
    let tape = Tape()
    let input = BatchInput(
      tape, rows: rows, width: model.network.inputs, target: objective.target)
    let outputs = model.forward(
      input.samples, trains: trains, gradients: nil, panels: panels
    ).outputs
    let loss = objective.record(outputs, input.target)
    let gradients = UnsafeMutableBufferPointer<DeferredGradient>.allocate(
      capacity: trains ? model.network.layout.entries.count : 0)
    if trains { _ = gradients.initialize(from: tape.deferredGradients(of: loss)) }
    self.tape = tape
    self.input = input
    self.outputs = outputs
    self.loss = loss
    self.objective = objective
    self.rows = rows
    self.gradients = UnsafeBufferPointer(gradients)
  }

  deinit { gradients.deallocate() }

  /// Reads `rows` of `source` and runs the forward pass.
  ///
  /// - Returns: what the samples add up to.
  /// - Throws: what the source throws.
  func forward(_ rows: BatchRows, of source: any SampleSource) throws -> BatchSums {
    try input.read(rows, from: source)
    tape.replay()
    var sums = BatchSums(loss: Double(loss.item), samples: self.rows)
    objective.measure(outputs, input.target, into: &sums)
    return sums
  }

  /// Runs the backward pass, up to the parameters.
  func backward() { tape.propagate(from: loss) }
}
