import SkeinTraining
import SkeinWorkers

/// Times training steps one by one, and their items where a `OneOfMany` runs them.
final class StepSamples: TrainingObserver {
  /// Raised when there is enough.
  let stop = StopRequest()
  /// Nanoseconds of each step.
  private(set) var steps: [Double] = []
  /// Nanoseconds of each step outside of both phases; empty without a `OneOfMany`.
  private(set) var serial: [Double] = []
  /// By phase and item, nanoseconds of each measurement; empty without a `OneOfMany`.
  private(set) var items: [String: [[Double]]] = [:]

  private let played: OneOfMany?
  private let wanted: Int
  private let nanoseconds: Int
  private let clock: NanosecondClock
  private var start = 0
  private var last = 0
  private var warmSteps = 0
  /// Steps since the played worker has changed.
  private var turn = 0
  private var turns = 0

  /// Steps of a turn, of which the first one is not counted: its data is in the wrong cache.
  private static let stepsPerTurn = 4

  /// - Parameters:
  ///   - played: what runs the steps, if its items are to be timed: its workers take turns.
  ///   - seconds: how long, at least: it ends with a whole round of turns.
  ///   - clock: tests bring their own.
  init(_ played: OneOfMany? = nil, seconds: Double, clock: NanosecondClock) {
    self.played = played
    self.clock = clock
    wanted = played?.workerCount ?? 1
    nanoseconds = Int(seconds * 1e9)
  }

  func stepEnded(_ progress: TrainingProgress) {
    let now = clock.now()
    defer { last = clock.now() }
    // The first step records the batch's computation, and touches memory for the first time.
    warmSteps += 1
    guard warmSteps > 3 else { return start = now }
    turn += 1
    if turn > 1 { count(now - last) }
    guard turn == Self.stepsPerTurn else { return }
    (turn, turns) = (0, turns + 1)
    if turns % wanted == 0 && now - start >= nanoseconds { stop.raise() }
    played?.played = turns % wanted
  }

  private func count(_ step: Int) {
    steps.append(Double(step))
    guard let played else { return }
    serial.append(Double(step - played.phases.reduce(0) { $0 + $1.elapsed }))
    for phase in played.phases {
      var samples = items[phase.name] ?? []
      if samples.count != phase.count { samples = .init(repeating: [], count: phase.count) }
      for item in phase.own { samples[item].append(Double(phase.times[item])) }
      items[phase.name] = samples
    }
  }
}
