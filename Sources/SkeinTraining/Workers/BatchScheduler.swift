import Dispatch
import SkeinAutograd
import Synchronization

/// Spreads a phase's items over workers and returns when all are done.
public protocol BatchScheduler: Sendable {
  /// How many workers there are; items see `worker` numbers below it.
  var workerCount: Int { get }

  /// Runs every item of `phase` once; after a failure no further item is begun.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: some Phase) throws
}

/// One worker, items in order: the reference that every parallel result is compared with.
public struct SerialScheduler: BatchScheduler {
  public let workerCount = 1

  public init() {}

  public func run(_ phase: some Phase) throws {
    for item in 0..<phase.itemCount { try phase.run(item: item, worker: 0) }
  }
}

/// Workers on Dispatch threads; each takes the next item that nobody has taken.
public final class DispatchScheduler: BatchScheduler {
  public let workerCount: Int
  private let pool: WorkerPool

  /// Starts `threads − 1` threads; the caller of `run` is the first worker.
  ///
  /// - Throws: `UnsafeLibraryError` where matrix products cannot run side by side.
  /// - Precondition: `threads` is positive.
  public init(threads: Int) throws {
    precondition(threads > 0, "\(threads) threads")
    if threads > 1 && !MatrixProduct.isSafeFromManyThreads { throw UnsafeLibraryError() }
    workerCount = threads
    pool = WorkerPool(workers: threads)
  }

  public func run(_ phase: some Phase) throws {
    let count = phase.itemCount
    guard count > 0 else { return }
    if workerCount == 1 || count == 1 {
      return try SerialScheduler().run(phase)
    }
    try pool.run(phase, items: count)
  }
}

/// The loaded OpenBLAS computes wrong products when several threads call it.
public struct UnsafeLibraryError: Error, CustomStringConvertible {
  public var description: String {
    "the OpenBLAS that is loaded is a serial build, which gives wrong results to several threads; "
      + "install libopenblas-pthread-dev (and choose it: update-alternatives --config "
      + "libopenblas.so.0-x86_64-linux-gnu), or train with --threads 1"
  }
}
