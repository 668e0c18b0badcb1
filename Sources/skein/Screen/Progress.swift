import Foundation
import SkeinFiles
import SkeinWorkers
import Synchronization

/// Shows on standard error how far a long task has come.
///
/// It shows nothing in the first two seconds. Then a terminal gets a live line, and a log gets a
/// line every ten seconds.
///
///     let split = try Progress.show("loading") { try folder.load(name, threads: 8, report: $0) }
///
/// Any thread may report, at any rate. The live line disappears with `end`, or with the last
/// reference to the object.
final class Progress: Sendable {
  /// What is shown at present. All of it is changed under the lock.
  private struct State {
    /// When the next line is due, in nanoseconds of the clock.
    var due: Int
    var isShown = false
    var isEnded = false

    mutating func clear() {
      if isShown, Progress.isLive { LiveLine.clear() }
      isShown = false
    }
  }

  private static let isLive = Terminal.isLive(STDERR_FILENO)
  private static let pause = isLive ? 200_000_000 : 10_000_000_000

  private let task: String
  private let start = NanosecondClock.monotonic.now()
  private let state: Mutex<State>

  /// Starts the task's time.
  ///
  /// - Parameters:
  ///   - task: what is going on, such as "packing".
  ///   - patience: for so many seconds nothing is shown; 0 for a task with parts that take longer.
  init(_ task: String, patience: Double = 2) {
    self.task = task
    state = Mutex(State(due: start + Int(patience * 1e9)))
  }

  deinit { end() }

  /// Reports that `done` of `total` parts are done. All parts are of equal size.
  func report(_ done: Int, of total: Int) {
    let now = NanosecondClock.monotonic.now()
    state.withLock { state in
      guard now >= state.due, !state.isEnded else { return }
      state.due = now + Self.pause
      state.isShown = true
      let text = Self.text(task, done, total, seconds: Double(now - start) / 1e9)
      let room = Terminal.columns(of: STDERR_FILENO) - 1
      if Self.isLive {
        LiveLine.show(text.cut(to: room), onErrors: true)
      } else {
        TextStream.errors.write("skein: \(text)\n")
      }
    }
  }

  /// Runs `body`, shows what it reports, and removes the live line at its end.
  ///
  /// - Throws: what `body` throws.
  static func show<Result>(
    _ task: String, patience: Double = 2,
    _ body: (_ report: @escaping @Sendable (Int, Int) -> Void) throws -> Result
  ) rethrows -> Result {
    let progress = Progress(task, patience: patience)
    defer { progress.end() }
    return try body { progress.report($0, of: $1) }
  }

  /// Removes the live line, so that other text can be written. The next report shows it again.
  func clear() { state.withLock { $0.clear() } }

  /// Removes the live line. Later reports are ignored.
  func end() {
    state.withLock { state in
      state.clear()
      state.isEnded = true
    }
  }

  /// A line such as `packing: 31 %, about 0:45 left`.
  static func text(_ task: String, _ done: Int, _ total: Int, seconds: Double) -> String {
    guard total > 0, done > 0 else { return "\(task) …" }
    let share = min(1, Double(done) / Double(total))
    let left = seconds / share - seconds
    // Longer times are shown as 999:59:59, since nobody needs them exactly.
    let whole = Int(min(left, 3_599_999).rounded(.up))
    let time =
      whole < 3600
      ? String(format: "%d:%02d", whole / 60, whole % 60)
      : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    return "\(task): \(Int(share * 100)) %" + (share < 1 ? ", about \(time) left" : "")
  }
}
