/// Work that consists of independent items: the batch shards of a batch, the blocks of the
/// parameters, the chunks of a test set.
///
/// A class, made once and used in every step, so that handing it to the workers allocates nothing.
/// Items must not depend on each other, and an item's result must not depend on the worker.
public protocol Phase: AnyObject, Sendable {
  /// What it is called where its times are told: its type's name, unless it has a better one.
  var name: String { get }

  /// How many items there are this time.
  var itemCount: Int { get }

  /// Does one item. `worker` names the scratch memory that nobody else uses meanwhile.
  func run(item: Int, worker: Int) throws
}

extension Phase {
  public var name: String { String(describing: Self.self) }
}
