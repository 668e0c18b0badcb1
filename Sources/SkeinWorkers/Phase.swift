/// Work that consists of independent items: the slices of a batch, the blocks of the parameters,
/// the chunks of a test set.
///
/// A class, made once and used in every step, so that handing it to the workers allocates nothing.
/// Items must not depend on each other, and an item's result must not depend on the worker.
public protocol Phase: AnyObject, Sendable {
  /// What reports of its times call it; the type's name unless the phase says otherwise.
  var name: String { get }

  /// How many items there are this time.
  var itemCount: Int { get }

  /// Does one item.
  ///
  /// - Parameters:
  ///   - item: in 0..<`itemCount`.
  ///   - worker: in 0..<`workerCount` of the scheduler. No other item runs under this number
  ///     meanwhile, so it can name scratch memory.
  func run(item: Int, worker: Int) throws
}

extension Phase {
  /// The type's name.
  public var name: String { String(describing: Self.self) }
}
