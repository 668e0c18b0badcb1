import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Finds the thread count that trains this model fastest on this machine: `threads: auto`.
///
/// During the first steps it tries 1, 2, 4, … workers and all of them. The counts take turns, so
/// that a noisy moment does not favour one of them. Each turn lasts at least one step and `turn`
/// seconds. It chooses the smallest count whose median time per step is at most 3 % above the best.
/// The choice is free, because the trained bits do not depend on the thread count.
public final class ThreadTuner: TrainingObserver {
  /// What was measured with one number of workers.
  public struct Trial: Sendable, Equatable {
    /// How many workers were active.
    public let workers: Int
    /// The median time of one step, in seconds.
    public let secondsPerStep: Double
  }

  /// How many turns of each count are measured.
  private static let rounds = 7
  private let scheduler: DispatchScheduler
  private let candidates: [Int]
  private let turn: Double
  private let clock: NanosecondClock
  private let chosen: (Int, [Trial]) -> Void
  private var times: [[Double]]
  private var turnsDone = 0
  private var steps = 0
  private var start: Int?

  /// - Parameters:
  ///   - scheduler: the scheduler whose `activeWorkers` is set.
  ///   - turn: the shortest duration of a turn, in seconds.
  ///   - clock: tests bring their own.
  ///   - chosen: called once, with the chosen count and the measurements.
  public init(
    _ scheduler: DispatchScheduler, turn: Double = 0.003,
    clock: NanosecondClock = .monotonic,
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

  /// The counts to try: 1, 2, 4, … below `count`, and `count`.
  static func candidates(upTo count: Int) -> [Int] {
    var powers: [Int] = []
    var power = 1
    while power < count {
      powers.append(power)
      power *= 2
    }
    return powers + [count]
  }

  /// Ends the turn if it was long enough, and chooses a count after the last turn.
  public func stepEnded(_ progress: TrainingProgress) {
    guard turnsDone < (Self.rounds + 1) * candidates.count else { return }
    let now = clock.now()
    // The first step of a run records the programs, and the first step of an epoch would include
    // the evaluation: neither is measured.
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

  /// Stops the clock until the next step: the evaluation belongs to no turn.
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
