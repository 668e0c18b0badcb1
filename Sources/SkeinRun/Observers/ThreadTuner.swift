import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Keeps the number of active workers at the one that trains this model fastest on this machine, as
/// busy as it is with other programs. The trained bits do not depend on it.
///
/// It begins with a search among all counts. Then it watches the time of the steps. If that
/// changes, it searches again. Where one worker has a core of its own, another program that ends
/// may change nothing: so from time to time it also takes a look at other counts. The looks cost at
/// most a hundredth of the time, and the longer nothing changes the rarer they are.
public final class ThreadTuner: TrainingObserver {
  /// What was measured with one number of workers.
  public struct Trial: Sendable, Equatable {
    /// How many workers were active.
    public let workers: Int
    /// The median time of one step, in seconds.
    public let secondsPerStep: Double
  }

  /// Seconds between two looks: the fewest, and the most where looks are cheap.
  private static let pauses = (shortest: 1.0, longest: 16.0)
  /// What share of the time looks may cost.
  private static let costShare = 0.01
  /// A step time changes where so many turns in a row are off by more than this factor.
  private static let change = (turns: 3, factor: 1.25)

  private let activate: (Int) -> Void
  private let turn: Double
  private let clock: NanosecondClock
  private let chosen: (Int, [Trial]) -> Void
  private var search: ThreadSearch

  /// When the clock was last looked at; nil before the end of the run's first step.
  private var last: Int?
  /// Nanoseconds and steps of the present turn.
  private var elapsed = 0
  private var steps = 0
  /// How many steps there are from one look at the clock to the next, and until the next one.
  private var stride = 1
  private var stepsToLook = 0

  /// The step time that the watch compares with, and the last ones in a row that were off it.
  private var usual = 0.0
  private var unusual: [Double] = []
  /// The pause between two looks at present, and when the next look is due.
  private var pause = ThreadTuner.pauses.shortest
  private var nextLook = 0.0
  /// How long a change must wait for its search after the last such one, and when that one ended.
  private var patience = 0.0
  private var lastChange = -Double.infinity
  /// Why the search under way has begun, and who was champion then.
  private var cause = Cause.beginning
  private var championBefore = 0
  /// What was told last, and in which epoch.
  private var told: (workers: Int, epoch: Int)?

  private enum Cause { case beginning, change, look }

  /// - Parameters:
  ///   - scheduler: the scheduler whose `activeWorkers` is set, up to its `workerCount`.
  ///   - turn: the shortest duration of a turn, in seconds. It is longer than the time slices that
  ///     the system gives to programs on one core, so that a turn sees both of them.
  ///   - clock: tests bring their own.
  ///   - chosen: called with the count and what was measured: after the first search, and after
  ///     changes, at most once in an epoch.
  public convenience init(
    _ scheduler: DispatchScheduler, turn: Double = 0.01, clock: NanosecondClock = .monotonic,
    chosen: @escaping (Int, [Trial]) -> Void
  ) {
    self.init(
      workers: scheduler.workerCount, turn: turn, clock: clock,
      activate: { scheduler.activeWorkers = $0 }, chosen: chosen)
  }

  /// The same for anything that has workers, 1…`workers` of which `activate` makes active.
  init(
    workers: Int, turn: Double = 0.01, clock: NanosecondClock,
    activate: @escaping (Int) -> Void, chosen: @escaping (Int, [Trial]) -> Void
  ) {
    self.activate = activate
    self.turn = turn
    self.clock = clock
    self.chosen = chosen
    search = ThreadSearch(workers: workers)
  }

  /// Ends the turn if it was long enough. Looks at the clock a few times in a turn, and at the
  /// epoch's last step: the evaluation belongs to no turn, and all workers of the choice take part
  /// in it.
  public func stepEnded(_ progress: TrainingProgress) {
    steps += 1
    stepsToLook -= 1
    let isLast = progress.batches > 0 && progress.batch == progress.batches
    guard stepsToLook <= 0 || isLast else { return }
    look(at: clock.now())
    tell(progress.epoch)
    if isLast { activate(search.champion) }
  }

  /// Lets the turn go on.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    guard last != nil else { return }
    last = clock.now()
    activate(search.next)
  }

  private func look(at now: Int) {
    guard let last else {
      // The first step of a run records the programs: it is not measured.
      beginSearch(.beginning)
      return beginTurn(at: now)
    }
    elapsed += now - last
    (self.last, stepsToLook) = (now, stride)
    guard Double(elapsed) >= turn * 1e9 else { return }
    let (secondsPerStep, seconds) = (Double(elapsed) / 1e9 / Double(steps), Double(now) / 1e9)
    if search.isUnderWay {
      search.turnEnded(secondsPerStep: secondsPerStep, steps: steps)
      if !search.isUnderWay { searchEnded(at: seconds) }
    } else {
      watch(secondsPerStep, at: seconds)
    }
    beginTurn(at: now)
  }

  private func beginTurn(at now: Int) {
    // A look at the clock takes as long as a hundredth of a small step.
    stride = search.isUnderWay ? 1 : max(1, steps / 16)
    (last, elapsed, steps, stepsToLook) = (now, 0, 0, stride)
    activate(search.next)
  }

  /// Takes the time of a turn of the champion's, and begins a search where it is off the usual for
  /// a while, or where a look is due.
  private func watch(_ secondsPerStep: Double, at now: Double) {
    let ratio = secondsPerStep / max(usual, 1e-12)
    if ratio > Self.change.factor || ratio < 1 / Self.change.factor {
      unusual.append(secondsPerStep)
    } else {
      unusual.removeAll(keepingCapacity: true)
    }
    // A machine that is restless all the time is not searched all the time.
    if unusual.count >= Self.change.turns, now >= lastChange + patience {
      if now > lastChange + 4 * Self.pauses.longest { patience = 0 }
      beginSearch(.change)
    } else if now >= nextLook {
      beginSearch(.look)
    }
  }

  private func beginSearch(_ cause: Cause) {
    (self.cause, championBefore) = (cause, search.champion)
    unusual.removeAll(keepingCapacity: true)
    search.begin(isWhole: cause != .look)
  }

  private func searchEnded(at now: Double) {
    let hasChanged = search.champion != championBefore
    usual = search.trials[search.champion] ?? usual
    let (shortest, longest) = Self.pauses
    pause = hasChanged ? shortest : min(2 * pause, longest)
    // The first search is in nobody's debt: it may have met a noisy moment.
    nextLook = now + max(pause, cause == .beginning ? 0 : search.loss / Self.costShare)
    if cause == .change {
      lastChange = now
      patience = hasChanged ? shortest / 4 : min(max(2 * patience, shortest), longest)
    }
  }

  /// Tells the choice where it is another one than was told, once in an epoch.
  private func tell(_ epoch: Int) {
    guard !search.isUnderWay, last != nil, told?.workers != search.champion, told?.epoch != epoch
    else { return }
    told = (search.champion, epoch)
    let trials = search.trials.map { Trial(workers: $0.key, secondsPerStep: $0.value) }
    chosen(search.champion, trials.sorted { $0.workers < $1.workers })
  }
}
