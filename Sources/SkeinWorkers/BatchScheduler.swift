import SkeinFiles
import Synchronization

/// Spreads a phase's items over workers and returns when all of them are done.
public protocol BatchScheduler: Sendable {
  /// How many workers there are; items see `worker` numbers below it.
  var workerCount: Int { get }

  /// How many of them take part in a run at present, 1…`workerCount`.
  var activeWorkers: Int { get }

  /// Runs every item of `phase` once; after a failure no item behind the failed one is begun.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: any Phase) throws
}

/// One worker, items in order: the reference that every parallel result is compared with.
public struct SerialScheduler: BatchScheduler {
  /// 1: the caller.
  public let workerCount = 1
  /// 1: the caller.
  public let activeWorkers = 1

  /// A scheduler without state: any number of threads may use it.
  public init() {}

  /// Runs the items in order on the calling thread, up to the first that throws.
  public func run(_ phase: any Phase) throws {
    for item in 0..<phase.itemCount { try phase.run(item: item, worker: 0) }
  }
}

/// Workers on Dispatch threads; each takes its own items first, and then what others have left.
public final class DispatchScheduler: BatchScheduler {
  /// The most threads. Dispatch starts at most 255, and other parts of the program need a few.
  public static let maximumThreads = 240

  /// How many threads there are, the caller of `run` included; 1…240.
  public let workerCount: Int
  private let active: Atomic<Int>
  private let pool: WorkerPool

  /// Starts `threads − 1` threads; the caller of `run` is the first worker.
  ///
  /// - Throws: `WorkerStartError` where the system has no thread for a worker.
  /// - Precondition: `threads` is positive and at most `maximumThreads`.
  public init(threads: Int) throws {
    require((1...Self.maximumThreads).contains(threads), "\(threads) threads")
    workerCount = threads
    active = Atomic(threads)
    pool = try WorkerPool(workers: threads)
  }

  /// How many workers take part in a run, 1…`workerCount`; other values are brought into that
  /// range. The workers that do not take part sleep. Change it between two runs only.
  public var activeWorkers: Int {
    get { active.load(ordering: .relaxed) }
    set { active.store(min(max(newValue, 1), workerCount), ordering: .relaxed) }
  }

  /// Runs all items on at most `activeWorkers` workers and returns when the last one is done; a
  /// single item runs on the calling thread. Allocates nothing. One caller at a time.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  public func run(_ phase: any Phase) throws {
    let (count, workers) = (phase.itemCount, activeWorkers)
    guard count > 0 else { return }
    if workers == 1 || count == 1 {
      return try SerialScheduler().run(phase)
    }
    try pool.run(phase, items: count, workers: min(workers, count))
  }
}
