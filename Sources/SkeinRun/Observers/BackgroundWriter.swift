import SkeinFiles
import Synchronization

/// Writes files on a thread of its own, so that no training step waits for a disk. Only one write
/// runs at a time. Where the system has no thread to give, the caller writes.
///
/// After the first failure nothing more is written, because files must be written in order. All
/// later calls throw that failure.
///
/// `@unchecked Sendable`: `submit` and `finish` are called by one thread at a time, and no other
/// method changes `thread`. A lock guards the failure.
final class BackgroundWriter: @unchecked Sendable {
  private final class Failure: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }

  private var thread: HelperThread?
  private let failure = Failure()

  /// Waits until earlier work is done, and then begins `work`.
  ///
  /// - Throws: what earlier work threw.
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

  deinit { thread?.join() }

  /// Throws what the work so far threw. Never waits.
  func check() throws {
    if let error = failure.error.withLock({ $0 }) { throw error }
  }
}
