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
  private let binding: WorkerBinding?
  /// Where its workers run, and why there, in words.
  public let placement: String

  /// Starts threads; the caller of `run` is the first worker.
  ///
  /// - Parameters:
  ///   - threads: how many at most, from 1 to `maximumThreads`. No more are started than the
  ///     process has cores: workers that share a core wait for each other.
  ///   - pinning: where they run. A list says that there are no more of them than PUs in it.
  /// - Throws: `WorkerStartError` where the system has no thread for a worker, `PinningError` for a
  ///   list with PUs that the process may not use.
  public convenience init(threads: Int, pinning: Pinning = .auto) throws {
    require((1...Self.maximumThreads).contains(threads), "\(threads) threads")
    let workers = min(threads, Machine.availableCores, try pinning.mostWorkers)
    let placement = Placement.onThisMachine(pinning, workers: workers)
    let binding = placement.units.flatMap { WorkerBinding($0) }
    try self.init(
      domains: placement.domains, steals: true, binding: binding, placement: placement.text)
  }

  /// Starts exactly so many workers, also beyond the cores, of which each does its own items and no
  /// others: to show that no bit depends on who computes an item.
  ///
  /// - Parameters:
  ///   - workers: from 1 to `maximumThreads`.
  ///   - steals: whether they do each other's items all the same, as those of `init(threads:)`.
  /// - Throws: `WorkerStartError` where the system has no thread for a worker.
  package convenience init(exactly workers: Int, steals: Bool = false) throws {
    require((1...Self.maximumThreads).contains(workers), "\(workers) workers")
    try self.init(
      domains: [Int](repeating: 0, count: workers), steals: steals, binding: nil,
      placement: "workers are not bound")
  }

  private init(
    domains: [Int], steals: Bool, binding: WorkerBinding?, placement: String
  ) throws {
    self.placement = placement
    workerCount = domains.count
    active = Atomic(domains.count)
    self.binding = binding
    pool = try WorkerPool(domains: domains, steals: steals) { worker in
      binding?.bind(worker)
      return { binding?.unbind() }
    }
  }

  deinit { binding?.unbindLeader() }

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
    binding?.bindLeader()
    if workers == 1 || count == 1 {
      return try SerialScheduler().run(phase)
    }
    try pool.run(phase, items: count, workers: min(workers, count))
  }
}
