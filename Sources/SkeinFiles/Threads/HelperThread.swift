import Glibc

/// A thread of the system's for work that somebody else could also do: decoding, writing files.
///
/// Dispatch, asked for a thread that the system refuses, sleeps and tries again for ever, inside
/// the caller. `pthread_create` says at once that there is none, and the caller does without.
///
/// It lies below the workers, because the decoding of datasets uses it too.
package final class HelperThread {
  /// What the new thread runs, on its way there.
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t
  private var isJoined = false

  /// Starts a thread that runs `body` and ends.
  ///
  /// - Parameter stackSize: bytes; nil for the system's default, which Dispatch's threads have too.
  /// - Throws: `NoThreadError` where the system refuses: limits of processes or of memory.
  package init(
    stackSize: Int? = 1 << 20, _ body: @escaping @Sendable () -> Void
  ) throws(NoThreadError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    if let stackSize { pthread_attr_setstacksize(&attributes, stackSize) }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw NoThreadError(code: code)
    }
    self.thread = thread
  }

  /// Returns once the thread has ended. Later calls return at once.
  package func join() {
    guard !isJoined else { return }
    isJoined = true
    pthread_join(thread, nil)
  }

  deinit {
    if !isJoined { pthread_detach(thread) }
  }
}

/// The system gave no thread.
package struct NoThreadError: Error, Sendable {
  /// The system's error number; EAGAIN for limits, of memory too.
  package let code: Int32
}

extension HelperThread {
  /// Runs `body` on the calling thread and on up to `count − 1` further ones, as many as the system
  /// gives, and returns when all have ended. `body` takes its work from a shared list, so that any
  /// number of threads does all of it.
  package static func run(upTo count: Int, _ body: @Sendable () -> Void) {
    withoutActuallyEscaping(body) { body in
      var helpers: [HelperThread] = []
      for _ in 1..<max(count, 1) {
        guard let helper = try? HelperThread(body) else { break }
        helpers.append(helper)
      }
      body()
      for helper in helpers { helper.join() }
    }
  }
}
