import SkeinKernels
import Synchronization

/// Spreads a phase's items over workers and returns when all are done.
public protocol BatchScheduler: Sendable {
  /// How many workers there are; items see `worker` numbers below it.
  var workerCount: Int { get }

  /// How many of them are at work at present.
  var activeWorkers: Int { get }

  /// Runs every item of `phase` once; after a failure no item behind the failed one is begun.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: any Phase) throws
}

/// One worker, items in order: the reference that every parallel result is compared with.
public struct SerialScheduler: BatchScheduler {
  public let workerCount = 1
  public let activeWorkers = 1

  public init() {}

  public func run(_ phase: any Phase) throws {
    for item in 0..<phase.itemCount { try phase.run(item: item, worker: 0) }
  }
}

/// Workers on Dispatch threads; each takes its own items first, and then what others have left.
public final class DispatchScheduler: BatchScheduler {
  /// The most threads that Dispatch is good for: its pool ends at 255, a few of them ours
  /// elsewhere.
  public static let maximumThreads = 240

  public let workerCount: Int
  private let active: Atomic<Int>
  private let pool: WorkerPool

  /// Starts `threads − 1` threads; the caller of `run` is the first worker.
  ///
  /// - Throws: `UnsafeLibraryError` where matrix products cannot run side by side,
  ///   `WorkerStartError` where the system has no thread for a worker.
  /// - Precondition: `threads` is positive and at most `maximumThreads`.
  public init(threads: Int) throws {
    precondition((1...Self.maximumThreads).contains(threads), "\(threads) threads")
    if threads > 1 && !MatrixProduct.isSafeFromManyThreads { throw UnsafeLibraryError() }
    workerCount = threads
    active = Atomic(threads)
    pool = try WorkerPool(workers: threads)
  }

  /// At most `workerCount`; the others sleep. Changed between two runs only.
  public var activeWorkers: Int {
    get { active.load(ordering: .relaxed) }
    set { active.store(min(max(newValue, 1), workerCount), ordering: .relaxed) }
  }

  public func run(_ phase: any Phase) throws {
    let (count, workers) = (phase.itemCount, activeWorkers)
    guard count > 0 else { return }
    if workers == 1 || count == 1 {
      return try SerialScheduler().run(phase)
    }
    try pool.run(phase, items: count, workers: min(workers, count))
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
