import Glibc

/// Signals from one thread to another: each `wait` takes one `post`, and blocks until there is one.
///
/// What a thread has written before `post` is seen by the one whose `wait` takes it. One system
/// call where the other thread sleeps, none where it does not.
///
/// `@unchecked Sendable`: the system's semaphore is made for several threads, and its address never
/// changes.
package final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  /// A semaphore that nobody has posted yet.
  package init() {
    semaphore = .allocate(capacity: 1)
    let result = sem_init(semaphore, 0, 0)
    require(result == 0, "sem_init failed with \(errno)")
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Lets one `wait` return.
  package func post() {
    let result = sem_post(semaphore)
    require(result == 0, "sem_post failed with \(errno)")
  }

  /// Returns once there is a post to take. Signals do not end the waiting.
  package func wait() {
    while sem_wait(semaphore) != 0 {
      let code = errno
      require(code == EINTR, "sem_wait failed with \(code)")
    }
  }
}
