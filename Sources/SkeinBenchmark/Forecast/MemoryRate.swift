import Foundation
import SkeinKernels
import SkeinWorkers

/// How fast cores read memory that is in no cache.
enum MemoryRate {
  /// Bytes per second that all workers of `scheduler` read together: the best of some repetitions.
  ///
  /// - Parameters:
  ///   - bytes: how much each worker reads; nil for more than the last cache holds.
  ///   - clock: tests bring their own.
  /// - Throws: what the scheduler throws.
  static func measure(
    _ scheduler: any BatchScheduler, bytes: Int? = nil, repeats: Int = 5, clock: NanosecondClock
  ) throws -> Double {
    let bytes = bytes ?? max(1 << 26, 2 * (lastCache ?? 0))
    let reading = Reading(workers: scheduler.workerCount, count: bytes / 4)
    var best = Int.max
    for _ in 0...repeats {
      let start = clock.now()
      try scheduler.run(reading)
      best = min(best, clock.now() - start)
    }
    return Double(scheduler.workerCount * bytes) / (Double(max(best, 1)) / 1e9)
  }

  /// Bytes of the first core's outermost cache; nil where the system does not say.
  static var lastCache: Int? {
    let found = (0..<8).compactMap { index -> (level: Int, bytes: Int)? in
      guard let level = Int(text(index, "level")), text(index, "size").hasSuffix("K"),
        let kibibytes = Int(text(index, "size").dropLast())
      else { return nil }
      return (level, kibibytes * 1024)
    }
    return found.max { $0.level < $1.level }?.bytes
  }

  private static func text(_ cache: Int, _ name: String) -> String {
    let path = "/sys/devices/system/cpu/cpu0/cache/index\(cache)/\(name)"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Each worker reads a buffer of its own from its front to its end.
///
/// `@unchecked Sendable`: item `i` alone uses its buffer and its sum.
private final class Reading: Phase, @unchecked Sendable {
  let itemCount: Int
  private let buffers: [FloatBuffer]
  private let sums: FloatBuffer
  private let count: Int

  init(workers: Int, count: Int) {
    itemCount = workers
    self.count = count
    buffers = (0..<workers).map { _ in FloatBuffer(count: count) }
    sums = FloatBuffer(count: 64 * workers)
  }

  func run(item: Int, worker: Int) {
    // Sums of Floats have an order, which keeps vectors away.
    let sum = buffers[item].withValues(0..<count) { $0.reduce(0 as UInt32) { $0 &+ $1.bitPattern } }
    sums.withMutableValues((64 * item)..<(64 * item + 1)) { $0[0] = Float(bitPattern: sum) }
  }
}
