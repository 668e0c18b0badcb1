import Synchronization

/// A wish to end training early, from a signal, another thread or an observer.
///
/// Training then finishes its step, or leaves an evaluation, and returns.
public final class StopRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A request that nobody has raised.
  public init() {}

  /// Asks for the end; safe from any thread, any number of times.
  public func raise() { flag.store(true, ordering: .relaxed) }

  /// Whether anybody has asked for the end. Safe from any thread; one relaxed load.
  public var isRaised: Bool { flag.load(ordering: .relaxed) }
}
