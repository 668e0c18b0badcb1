import Dispatch
import Synchronization

/// Writes files beside the training, one piece of work after the other, so that no step waits for
/// a disk.
///
/// The first failure ends it: what was submitted behind is dropped, because files have an order.
final class BackgroundWriter: Sendable {
  private let queue = DispatchQueue(label: "skein.writer")
  private let failure = Mutex<(any Error)?>(nil)

  /// Waits for what was submitted before, and then begins `work`.
  ///
  /// - Throws: what an earlier piece of work threw.
  func submit(_ work: @escaping @Sendable () throws -> Void) throws {
    try finish()
    queue.async {
      do { try work() } catch { self.failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything is written.
  ///
  /// - Throws: what the work threw.
  func finish() throws {
    queue.sync {}
    try check()
  }

  /// - Throws: what the work so far threw. Never waits.
  func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
