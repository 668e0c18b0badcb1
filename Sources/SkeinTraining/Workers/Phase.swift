/// Work that consists of independent items: the batch shards of a batch, the blocks of the
/// parameters, the chunks of a test set.
///
/// A class, made once and used in every step, so that handing it to the workers allocates nothing.
/// Items must not depend on each other, and an item's result must not depend on the worker.
public protocol Phase: AnyObject, Sendable {
  /// How many items there are this time.
  var itemCount: Int { get }

  /// Does one item. `worker` names the scratch memory that nobody else uses meanwhile.
  func run(item: Int, worker: Int) throws

  /// Which part of a training step it is; nil for everything else.
  var part: StepPart? { get }
}

extension Phase {
  public var part: StepPart? { nil }
}

/// The parts of a training step that workers share.
public enum StepPart: Sendable {
  case forwardBackward
  case reduceUpdate
}
