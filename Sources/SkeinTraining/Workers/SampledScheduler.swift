/// A scheduler that looks at every 32nd training step with a clock: where each worker's time goes.
///
/// The other steps run as they would without it, so what it costs is a thirty-second of what a few
/// calls of the clock take, and nothing where it is switched off.
///
/// `@unchecked Sendable`: its state is the leader's, who alone calls `run` and `takeSplit`.
public final class SampledScheduler<Base: BatchScheduler>: BatchScheduler, @unchecked Sendable {
  private let base: Base
  private let clock: @Sendable () -> Int
  private let timed: TimedItems?
  private var steps = 0
  private var isSampled = false
  private var elapsed = 0

  /// - Parameters:
  ///   - isOn: whether it looks at all.
  ///   - clock: nanoseconds; tests bring their own.
  public init(
    _ base: Base, isOn: Bool = true, clock: @escaping @Sendable () -> Int = StepTimes.now
  ) {
    self.base = base
    self.clock = clock
    timed = isOn ? TimedItems(workers: base.workerCount, clock: clock) : nil
  }

  public var workerCount: Int { base.workerCount }
  public var activeWorkers: Int { base.activeWorkers }

  public func run(_ phase: some Phase) throws {
    guard let timed, let part = phase.part else { return try base.run(phase) }
    if part == .forwardBackward {
      steps += 1
      // The first step of all records the programs.
      isSampled = steps % 32 == 2
    }
    guard isSampled else { return try base.run(phase) }
    let start = clock()
    timed.base = phase
    defer {
      timed.base = nil
      elapsed += clock() - start
    }
    try base.run(timed)
  }

  public func takeSplit(of seconds: Double) -> [WorkerSplit]? {
    guard let timed, elapsed > 0 else { return nil }
    let factor = seconds / Double(elapsed)
    elapsed = 0
    return timed.take().prefix(activeWorkers).map { forwardBackward, reduceUpdate in
      let (first, second) = (Double(forwardBackward) * factor, Double(reduceUpdate) * factor)
      return WorkerSplit(
        forwardBackward: first, reduceUpdate: second, waiting: max(0, seconds - first - second))
    }
  }
}

/// Another phase, with a clock around each item.
///
/// `@unchecked Sendable`: `base` changes while no worker runs, and worker `w` alone adds to its own
/// numbers.
private final class TimedItems: Phase, @unchecked Sendable {
  /// A worker's numbers lie on cache lines of its own.
  private static let stride = 128 / MemoryLayout<Int>.stride

  var base: (any Phase)?
  private let clock: @Sendable () -> Int
  private let workers: Int
  private let nanoseconds: UnsafeMutablePointer<Int>

  init(workers: Int, clock: @escaping @Sendable () -> Int) {
    self.workers = workers
    self.clock = clock
    nanoseconds = .allocate(capacity: workers * Self.stride)
    nanoseconds.initialize(repeating: 0, count: workers * Self.stride)
  }

  deinit { nanoseconds.deallocate() }

  var itemCount: Int { base?.itemCount ?? 0 }
  var part: StepPart? { base?.part }

  func run(item: Int, worker: Int) throws {
    guard let base else { return }
    let start = clock()
    defer {
      let place = worker * Self.stride + (base.part == .reduceUpdate ? 1 : 0)
      nanoseconds[place] += clock() - start
    }
    try base.run(item: item, worker: worker)
  }

  /// Each worker's nanoseconds in both parts since the last call.
  func take() -> [(forwardBackward: Int, reduceUpdate: Int)] {
    defer { nanoseconds.update(repeating: 0, count: workers * Self.stride) }
    return (0..<workers).map {
      (nanoseconds[$0 * Self.stride], nanoseconds[$0 * Self.stride + 1])
    }
  }
}
