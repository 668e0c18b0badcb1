/// A thread that hashes bytes while its owner goes on reading them.
///
/// It has one piece at a time, so hashes of a file's pieces are those of the file. Its owner may
/// hand it pieces of one hash after the other. One thread at a time owns it.
package final class HashThread {
  /// What owner and thread share.
  ///
  /// `@unchecked Sendable`: the owner writes `work` before it posts `ready`, and touches neither it
  /// nor the hash again before it has taken `done`. The thread does so the other way round.
  private final class Shared: @unchecked Sendable {
    /// The next piece; nil ends the thread.
    var work: (bytes: UnsafeRawBufferPointer, hash: SHA256)?
    let ready = Semaphore()
    let done = Semaphore()
  }

  private let shared: Shared
  private let thread: HelperThread
  /// Whether a piece was handed over whose end nobody has waited for.
  private var isBusy = false

  /// Starts the thread.
  ///
  /// - Throws: `NoThreadError` where the system refuses: limits of processes or of memory.
  package init() throws(NoThreadError) {
    let shared = Shared()
    self.shared = shared
    thread = try HelperThread {
      while true {
        shared.ready.wait()
        guard let work = shared.work else { return }
        work.hash.update(work.bytes)
        shared.done.post()
      }
    }
  }

  deinit {
    settle()
    shared.work = nil
    shared.ready.post()
    thread.join()
  }

  /// Appends `bytes` to `hash` on the thread, and returns as soon as the piece before is hashed.
  ///
  /// Until `settle`, or the next call, has returned, nobody may write to `bytes` or use `hash`.
  package func append(_ bytes: UnsafeRawBufferPointer, to hash: SHA256) {
    settle()
    shared.work = (bytes, hash)
    isBusy = true
    shared.ready.post()
  }

  /// Returns once all pieces are hashed.
  package func settle() {
    guard isBusy else { return }
    shared.done.wait()
    isBusy = false
  }
}
