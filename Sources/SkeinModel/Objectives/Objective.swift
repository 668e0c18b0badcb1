import SkeinAutograd
import SkeinData

/// The targets of a batch's rows on a tape.
public enum Target {
  /// A class per row.
  case classes(Indices)
  /// The values of each row, [n, outputs].
  case values(Tensor)
}

/// What a network is trained for: a kind of target, the loss, and the metrics that are summed
/// besides.
///
/// It is asked while a pass is recorded, and never in a step. A new objective is one file with a
/// type of its own.
public protocol Objective: Sendable {
  /// The loss's name, in job files and messages.
  var name: String { get }

  /// What targets it compares with.
  var target: TargetKind { get }

  /// Records the losses [n] of the rows of `outputs` [n, …], each times the weight of its class
  /// where classes have weights. A batch's loss is their sum over that of the weights; both are
  /// added up in Double, in the batch's order.
  func losses(_ outputs: Tensor, _ target: Target) -> Tensor

  /// Whether `scores` are probabilities: the softmax of the outputs.
  var givesProbabilities: Bool { get }

  /// Records the outputs as users want them, such as probabilities.
  func scores(_ outputs: Tensor) -> Tensor

  /// Records the metrics of the rows of `outputs` [n, …], each as values [n] that are added up as
  /// the losses are. No gradient passes through them.
  func metrics(_ outputs: Tensor, _ target: Target) -> [Metric: Tensor]

  /// The loss of a sample whose outputs are all 0: that of a network that has learnt nothing.
  var lossOfIgnorance: Float { get }

  /// How much a sample of each class counts; nil for all the same.
  var classWeights: [Float]? { get }

  /// The names and units of the outputs, where targets are values; nil where they are classes.
  var values: ValueTargets? { get }
}

extension Objective {
  /// Nil: all samples count the same.
  public var classWeights: [Float]? { nil }
  /// Nil: targets are classes.
  public var values: ValueTargets? { nil }
}
