import Synchronization

/// Calls workers to phases, and takes back the calls that nobody has answered.
///
/// A worker that has lost its core to another program hears a call some milliseconds late. Nobody
/// waits for it: its items are done by others, and its call is taken back. So a phase waits only
/// for workers that have begun.
///
/// For each worker there is one word, 4 · (calls so far) + its state. The caller alone moves it
/// from idle to called; the worker moves it from called to working and back to idle; and exactly
/// one of them wins where the caller takes back a call that the worker is about to answer.
struct Calls: Sendable {
  private static let idle = 0
  private static let called = 1
  private static let working = 2
  private static let states = 4

  private let words: SpacedAtomics
  private let parkers: [Parker]
  private let spins: Int

  /// - Parameters:
  ///   - workers: how many, > 0.
  ///   - spins: how often a waiting worker looks before it blocks.
  init(workers: Int, spins: Int) {
    words = SpacedAtomics(count: workers)
    parkers = (0..<workers).map { _ in Parker() }
    self.spins = spins
  }

  /// Calls `worker`, who is idle.
  @inline(__always)
  func call(_ worker: Int) {
    let word = words[worker].pointee.load(ordering: .relaxed)
    words[worker].pointee.store(
      word - word % Self.states + Self.states + Self.called, ordering: .sequentiallyConsistent)
    parkers[worker].unpark()
  }

  /// Waits until `worker` has been called more than `seen` times, and answers the newest call.
  ///
  /// - Returns: whether the call still stands, so that the worker works now and must call `finish`.
  @inline(__always)
  func answer(_ worker: Int, seen: inout Int) -> Bool {
    var word = 0
    parkers[worker].park(spins: spins) {
      word = words[worker].pointee.load(ordering: .sequentiallyConsistent)
      return word / Self.states != seen
    }
    seen = word / Self.states
    guard word % Self.states == Self.called else { return false }
    return words[worker].pointee.compareExchange(
      expected: word, desired: word - Self.called + Self.working,
      ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Says that `worker`, who works, is idle again; `caller` may be waiting for that.
  @inline(__always)
  func finish(_ worker: Int, caller: Int) {
    let word = words[worker].pointee.load(ordering: .relaxed)
    words[worker].pointee.store(word - Self.working, ordering: .sequentiallyConsistent)
    parkers[caller].unpark()
  }

  /// Takes back the call of `worker`, if nobody has answered it.
  @inline(__always)
  func takeBack(_ worker: Int) {
    let word = words[worker].pointee.load(ordering: .relaxed)
    guard word % Self.states == Self.called else { return }
    _ = words[worker].pointee.compareExchange(
      expected: word, desired: word - Self.called, ordering: .relaxed)
  }

  /// Returns once `worker` is idle. `caller` is who waits.
  @inline(__always)
  func wait(for worker: Int, caller: Int) {
    parkers[caller].park(spins: spins) {
      words[worker].pointee.load(ordering: .sequentiallyConsistent) % Self.states == Self.idle
    }
  }
}
