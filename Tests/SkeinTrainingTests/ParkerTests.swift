import Foundation
import Synchronization
import Testing

@testable import SkeinWorkers

/// A thread that waits, and one that wakes it at every instant that matters.
@Suite struct ParkerTests {
  /// What a waiter and its waker share.
  private final class Waiting: Sendable {
    let parker = Parker()
    let looks = Atomic<Int>(0)
    let holds = Atomic<Bool>(false)
    private let isOver = DispatchSemaphore(value: 0)

    /// Waits on a thread of its own; `look` is called with the number of each look at the
    /// condition, before it and after it.
    func start(spins: Int, look: @escaping @Sendable (Int, _ isOver: Bool) -> Void) {
      Thread.detachNewThread {
        self.parker.park(spins: spins) {
          let number = self.looks.add(1, ordering: .sequentiallyConsistent).newValue
          look(number, false)
          let result = self.holds.load(ordering: .sequentiallyConsistent)
          look(number, true)
          return result
        }
        self.isOver.signal()
      }
    }

    func makeHold() {
      holds.store(true, ordering: .sequentiallyConsistent)
      parker.unpark()
    }

    /// Whether the waiter came back within ten seconds; one that did not is let go.
    func ends() -> Bool {
      if isOver.wait(timeout: .now() + 10) == .success { return true }
      parker.unpark()
      return false
    }
  }

  /// How many looks a waiter takes before it sleeps for good: the number that stays for a while.
  private func looksBeforeSleep(spins: Int) -> Int {
    let waiting = Waiting()
    waiting.start(spins: spins) { _, _ in }
    var (looks, stays) = (0, 0)
    for _ in 0..<60_000 where stays < 100 {
      usleep(1000)
      let now = waiting.looks.load(ordering: .sequentiallyConsistent)
      (looks, stays) = (now, now == looks && now > 0 ? stays + 1 : 0)
    }
    #expect(stays == 100, "a waiter that never sleeps")
    waiting.makeHold()
    _ = waiting.ends()
    return looks
  }

  /// The waker comes in a look, or just behind one that found nothing. Once it comes behind the
  /// last look before the sleep is announced, and then only the look after that sees what it did.
  @Test(arguments: [0, 1, 5], [false, true])
  func aWakerAtAnyLookIsSeen(spins: Int, isBehind: Bool) {
    let looks = looksBeforeSleep(spins: spins)
    for wanted in 1...looks {
      let waiting = Waiting()
      waiting.start(spins: spins) { number, isOver in
        if number == wanted, isOver == isBehind { waiting.makeHold() }
      }
      guard waiting.ends() else {
        Issue.record("asleep for ever: the waker came at look \(wanted) of \(looks)")
        return
      }
    }
  }

  /// Many waits with one parker: no signal stays behind, and none is missing.
  @Test func aParkerServesManyTimes() {
    let parker = Parker()
    let turn = Atomic<Int>(0)
    let isOver = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for round in 1...20_000 {
        parker.park(spins: round % 3) { turn.load(ordering: .sequentiallyConsistent) >= round }
      }
      isOver.signal()
    }
    for round in 1...20_000 {
      turn.store(round, ordering: .sequentiallyConsistent)
      parker.unpark()
    }
    let ends = isOver.wait(timeout: .now() + 60) == .success
    #expect(ends, "asleep for ever")
  }
}
