import SkeinTraining
import SkeinWorkers

/// Times a window of training steps: some steps warm up, then those of the window count, then
/// training stops.
///
/// The window begins and ends between two steps. So it holds everything that training does from
/// step to step and from epoch to epoch, such as shuffling. It holds neither the set-up nor an
/// evaluation.
final class StepWindow: TrainingObserver {
  /// Raised at the end of the window.
  let stop = StopRequest()
  /// Steps in the window.
  private(set) var steps = 0
  /// Samples in the window.
  private(set) var samples = 0
  /// How long the window lasted.
  private(set) var nanoseconds = 0

  private let length: BenchmarkPlan.Length
  private let warmUp: (steps: Int, nanoseconds: Int)
  private let clock: NanosecondClock
  private let began: () -> Void
  private var warmSteps = 0
  private var warmStart = 0
  private var wanted = 0
  private var start: Int?
  private var seen = 0

  /// A window of `length`.
  ///
  /// - Parameters:
  ///   - warmUp: at least so many steps and so much time pass before the window.
  ///   - clock: tests bring their own.
  ///   - began: called once, at the start of the window.
  init(
    _ length: BenchmarkPlan.Length, warmUp: (steps: Int, nanoseconds: Int) = (4, 50_000_000),
    clock: NanosecondClock = .monotonic, began: @escaping () -> Void = {}
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

  private func warm() {
    let now = clock.now()
    // The first step takes longer: it records the computation of a batch, and touches the
    // memory for the first time.
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
