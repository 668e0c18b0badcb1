import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Finds the thread count that trains this model fastest on this machine: `threads: auto`.
///
/// During the first steps it tries 1, 2, 4, … workers and all of them, in turns, so that a noisy
/// moment does not favour one; each turn lasts at least one step and `turn`. The count with the
/// smallest median time per step stays; a smaller count within 3 % of it is preferred. It may
/// choose freely, because the trained bits do not depend on the count.
public final class ThreadTuner: TrainingObserver {
  /// The median time of one step with so many workers.
  public struct Trial: Sendable, Equatable {
    public let workers: Int
    public let secondsPerStep: Double
  }

  private static let rounds = 7
  private let scheduler: DispatchScheduler
  private let candidates: [Int]
  private let turn: Double
  private let clock: Clock
  private let chosen: (Int, [Trial]) -> Void
  private var times: [[Double]]
  private var turnsDone = 0
  private var steps = 0
  private var start: Int?

  /// - Parameters:
  ///   - scheduler: whose active workers are set.
  ///   - turn: the shortest turn in seconds.
  ///   - clock: tests bring their own.
  ///   - chosen: called once, with the count and what was measured.
  public init(
    _ scheduler: DispatchScheduler, turn: Double = 0.003,
    clock: Clock = .monotonic,
    chosen: @escaping (Int, [Trial]) -> Void
  ) {
    self.scheduler = scheduler
    self.turn = turn
    self.clock = clock
    self.chosen = chosen
    candidates = Self.candidates(upTo: scheduler.workerCount)
    times = candidates.map { _ in [] }
    scheduler.activeWorkers = candidates[0]
  }

  /// 1, 2, 4, … below `count`, and `count`.
  static func candidates(upTo count: Int) -> [Int] {
    var powers: [Int] = []
    var power = 1
    while power < count {
      powers.append(power)
      power *= 2
    }
    return powers + [count]
  }

  public func stepEnded(_ progress: TrainingProgress) {
    guard turnsDone < (Self.rounds + 1) * candidates.count else { return }
    let now = clock.now()
    // The first step of all records the programs, and the first of an epoch waits for evaluation.
    guard let start else { return begin(at: now) }
    steps += 1
    let seconds = Double(now - start) / 1e9
    guard seconds >= turn else { return }
    // The first round warms up caches and threads.
    if turnsDone >= candidates.count {
      times[turnsDone % candidates.count].append(seconds / Double(steps))
    }
    turnsDone += 1
    if turnsDone == (Self.rounds + 1) * candidates.count { return choose() }
    scheduler.activeWorkers = candidates[turnsDone % candidates.count]
    begin(at: now)
  }

  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) { start = nil }

  private func begin(at now: Int) { (start, steps) = (now, 0) }

  private func choose() {
    let trials = zip(candidates, times).map { workers, times in
      Trial(workers: workers, secondsPerStep: times.sorted()[times.count / 2])
    }
    let best = trials.map(\.secondsPerStep).min() ?? 0
    let choice = trials.first { $0.secondsPerStep <= 1.03 * best }?.workers ?? 1
    scheduler.activeWorkers = choice
    chosen(choice, trials)
  }
}
