import SkeinFiles
import Synchronization

/// Writes files beside the training, one piece of work after the other, so that no step waits for
/// a disk. Where the system has no thread for it, the caller writes.
///
/// The first failure ends it: what was submitted behind is dropped, because files have an order.
///
/// `@unchecked Sendable`: `thread` belongs to whoever submits, and `submit` and `finish` are called
/// by one thread at a time; the failure has a lock.
final class BackgroundWriter: @unchecked Sendable {
  private final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }

  private var thread: HelperThread?
  private let failure = Failure()

  /// Waits for what was submitted before, and then begins `work`.
  ///
  /// - Throws: what an earlier piece of work threw.
  func submit(_ work: @escaping @Sendable () throws -> Void) throws {
    try finish()
    let guarded: @Sendable () -> Void = { [failure] in
      do { try work() } catch { failure.error.withLock { $0 = error } }
    }
    do {
      thread = try HelperThread(guarded)
    } catch {
      guarded()
    }
  }

  /// Waits until everything is written.
  ///
  /// - Throws: what the work threw.
  func finish() throws {
    thread?.join()
    thread = nil
    try check()
  }

  /// - Throws: what the work so far threw. Never waits.
  func check() throws {
    if let error = failure.error.withLock({ $0 }) { throw error }
  }
}
