import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Times a window of training steps: some to warm up, then those that count, then training stops.
///
/// The window lies between the ends of two steps, so it holds everything that training does from
/// step to step and from epoch to epoch, the shuffling included, and neither set-up nor evaluation.
final class StepWindow: TrainingObserver {
  let stop = StopRequest()
  /// What the window held.
  private(set) var steps = 0
  private(set) var samples = 0
  private(set) var nanoseconds = 0

  private let length: BenchmarkPlan.Length
  private let warmUp: (steps: Int, nanoseconds: Int)
  private let clock: Clock
  private let began: () -> Void
  private var warmSteps = 0
  private var warmStart = 0
  private var wanted = 0
  private var start: Int?
  private var seen = 0

  /// - Parameters:
  ///   - warmUp: how many steps at least, and for how long.
  ///   - began: called once, where the window begins.
  init(
    _ length: BenchmarkPlan.Length, warmUp: (steps: Int, nanoseconds: Int) = (4, 50_000_000),
    clock: Clock = .monotonic, began: @escaping () -> Void = {}
  ) {
    self.length = length
    self.warmUp = warmUp
    self.clock = clock
    self.began = began
  }

  func stepEnded(_ progress: TrainingProgress) {
    let before = progress.batch == 1 ? 0 : seen
    seen = progress.totals.samples
    guard let start else { return warm() }
    steps += 1
    samples += seen - before
    if steps == wanted {
      nanoseconds = clock.now() - start
      stop.raise()
    }
  }

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {}

  private func warm() {
    let now = clock.now()
    // The first step records the programs and touches the memory for the first time.
    if warmSteps == 0 { warmStart = now }
    warmSteps += 1
    guard warmSteps > warmUp.steps, now - warmStart >= warmUp.nanoseconds else { return }
    switch length {
    case .steps(let steps): wanted = steps
    case .seconds(let seconds):
      let perStep = Double(now - warmStart) / Double(warmSteps - 1)
      wanted = max(1, Int((seconds * 1e9 / max(perStep, 1)).rounded()))
    }
    began()
    start = clock.now()
  }
}
