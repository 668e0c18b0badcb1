import SkeinAutograd
import SkeinData

/// The targets of a batch's rows on a tape.
public enum Target {
  /// A class per row.
  case classes(Indices)
}

/// What a network is trained for: a kind of target, the loss, and the metrics that are summed
/// besides.
///
/// It is asked while a pass is recorded, and once per batch shard for its metrics. A new objective
/// is one file with a type of its own.
public protocol Objective: Sendable {
  /// The loss's name, in job files and messages.
  var name: String { get }

  /// What targets it compares with.
  var target: TargetKind { get }

  /// Records the sum of the losses of all rows of `outputs` [n, …].
  func record(_ outputs: Tensor, _ target: Target) -> Tensor

  /// Whether `scores` are probabilities: the softmax of the outputs.
  var givesProbabilities: Bool { get }

  /// Records the outputs as users want them, such as probabilities.
  func scores(_ outputs: Tensor) -> Tensor

  /// Adds the metrics of recorded `outputs`, as they stand, to `sums`. O(outputs); allocates
  /// nothing.
  func measure(_ outputs: Tensor, _ target: Target, into sums: inout BatchSums)

  /// The loss of a sample whose outputs are all 0: that of a network that has learnt nothing.
  var lossOfIgnorance: Float { get }
}
