import Foundation
import SkeinFiles
import SkeinWorkers
import Synchronization

/// Tells on standard error how far something long has come: nothing in the first two seconds, then
/// a live line on a terminal, and a line every ten seconds in a log.
///
///     let split = try Progress.show("loading") { try folder.load(name, threads: 8, report: $0) }
///
/// It may be reported from any thread, as often as wanted. The live line goes when `end` is called,
/// or with the last reference.
final class Progress: Sendable {
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
  private let start = Clock.monotonic.now()
  private let state: Mutex<State>

  /// - Parameters:
  ///   - task: what is going on, as "packing".
  ///   - patience: seconds before which nothing is shown; 0 where a single part takes longer.
  init(_ task: String, patience: Double = 2) {
    self.task = task
    state = Mutex(State(due: start + Int(patience * 1e9)))
  }

  deinit { end() }

  /// Says that `done` of `total` parts are done; the parts are any units of equal size.
  func report(_ done: Int, of total: Int) {
    let now = Clock.monotonic.now()
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

  /// Runs `body`, shows what it reports, and takes the live line away at its end.
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

  /// Takes the live line away, for another text; the next report brings it back.
  func clear() { state.withLock { $0.clear() } }

  /// Takes the live line away; further reports are ignored.
  func end() {
    state.withLock { state in
      state.clear()
      state.isEnded = true
    }
  }

  /// `packing: 31 %, about 0:45 left`.
  static func text(_ task: String, _ done: Int, _ total: Int, seconds: Double) -> String {
    guard total > 0, done > 0 else { return "\(task) …" }
    let share = min(1, Double(done) / Double(total))
    let left = seconds / share - seconds
    // Behind a thousand hours nobody counts seconds.
    let whole = Int(min(left, 3_599_999).rounded(.up))
    let time =
      whole < 3600
      ? String(format: "%d:%02d", whole / 60, whole % 60)
      : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    return "\(task): \(Int(share * 100)) %" + (share < 1 ? ", about \(time) left" : "")
  }
}
