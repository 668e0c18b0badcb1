import SkeinWorkers

/// A scheduler on which one thread does the items of one of n workers, and a second one those of
/// all others: so two cores show how long one of n workers takes.
///
/// The first thread's items are what they would be with n cores: as small, as seldom, and on data
/// that other cores have written, but for its own. What differs is that one core, and not n − 1,
/// takes its share of caches and memory meanwhile, and that it waits until the second thread is
/// ready.
///
/// `@unchecked Sendable`: its state belongs to the caller of `run`, who is one thread at a time.
final class OneOfMany: BatchScheduler, @unchecked Sendable {
  let workerCount: Int
  var activeWorkers: Int { workerCount }
  /// Which worker's items the first thread does, in 0..<`workerCount`. Change it between two steps.
  var played = 0
  private(set) var phases: [PlayedPhase] = []
  private let base: DispatchScheduler
  private let clock: NanosecondClock

  /// - Parameter workers: n, from 1 to `DispatchScheduler.maximumThreads`. With one there is no
  ///   second thread.
  /// - Throws: `WorkerStartError`.
  init(workers: Int, clock: NanosecondClock) throws {
    workerCount = workers
    base = try DispatchScheduler(exactly: min(workers, 2))
    self.clock = clock
  }

  func run(_ phase: any Phase) throws {
    let part = part(phase.name)
    part.begin(phase, played: played, workers: workerCount)
    let start = clock.now()
    try base.run(part)
    part.elapsed = clock.now() - start
  }

  private func part(_ name: String) -> PlayedPhase {
    for part in phases where part.name == name { return part }
    let part = PlayedPhase(name, clock: clock)
    phases.append(part)
    return part
  }
}

/// A phase in two items: what the played worker does, and what all others do.
///
/// `@unchecked Sendable`: `begin` runs while no worker does, and item 0 alone writes `times`.
final class PlayedPhase: Phase, @unchecked Sendable {
  let name: String
  private(set) var itemCount = 1
  /// How many items the phase has.
  private(set) var count = 0
  /// The items of the played worker.
  private(set) var own = 0..<0
  /// Nanoseconds that each item has taken, where it was the played worker's; of the last run.
  private(set) var times: [Int] = []
  /// Nanoseconds from the call to the last item's end, of the last run.
  var elapsed = 0
  private var phase: (any Phase)?
  private let clock: NanosecondClock

  init(_ name: String, clock: NanosecondClock) {
    self.name = name
    self.clock = clock
  }

  func begin(_ phase: any Phase, played: Int, workers: Int) {
    self.phase = phase
    if count != phase.itemCount {
      count = phase.itemCount
      times = [Int](repeating: 0, count: count)
    }
    let active = min(workers, max(count, 1))
    own = played < active ? OwnItems.range(of: played, items: count, workers: active) : 0..<0
    itemCount = workers == 1 ? 1 : 2
  }

  func run(item: Int, worker: Int) throws {
    guard let phase else { return }
    guard item == 0 else {
      for other in 0..<count where !own.contains(other) {
        try phase.run(item: other, worker: worker)
      }
      return
    }
    var start = clock.now()
    for item in own {
      try phase.run(item: item, worker: worker)
      let end = clock.now()
      times[item] = end - start
      start = end
    }
  }
}
