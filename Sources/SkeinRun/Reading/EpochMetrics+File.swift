import Foundation
import SkeinData
import SkeinFiles
import SkeinRecord

extension EpochMetrics {
  /// The epochs in a run's `metrics.jsonl`. A last line that was cut off is left out. O(epochs).
  ///
  /// - Throws: `FileSystemError` where the file is missing or cannot be read, `FormatError` for a
  ///   line that does not hold an epoch's numbers.
  public static func read(_ folder: RunFolder) throws -> [EpochMetrics] {
    var epochs: [EpochMetrics] = []
    let decoder = JSONDecoder()
    try folder.forEachMetricsLine { line, number, isWhole in
      if let numbers = try? decoder.decode(EpochMetrics.self, from: line) {
        if let twice = JSONKeys.repeated(in: Array(line)).first {
          throw folder.metricsFault(line: number, found: "the key \"\(twice.key)\" twice")
        }
        try check(numbers, after: epochs.last, folder, line: number)
        epochs.append(numbers)
      } else if isWhole {
        let text = String(decoding: line.prefix(60), as: UTF8.self)
        throw folder.metricsFault(line: number, found: text.printable())
      }
    }
    return epochs
  }

  /// Checks the numbers of one epoch against their ranges, and against the epoch before.
  ///
  /// - Throws: `FormatError` for numbers that no epoch has, for a line of both kinds of targets or
  ///   none, and for an epoch that is out of order.
  private static func check(
    _ numbers: EpochMetrics, after last: EpochMetrics?, _ folder: RunFolder, line: Int
  ) throws {
    let shares: [(String, Double?)] = [
      ("trainAccuracy", numbers.trainAccuracy), ("testAccuracy", numbers.testAccuracy),
    ]
    for (key, share) in shares {
      guard let share, !(0...1).contains(share) else { continue }
      throw folder.metricsFault(line: line, found: "\(key) \(share), which is beyond 0…1")
    }
    guard numbers.hasOneKind else {
      throw folder.metricsFault(line: line, found: "neither accuracies nor errors, or both")
    }
    let before = last?.epoch ?? 0
    guard numbers.epoch > before else {
      throw folder.metricsFault(line: line, found: "epoch \(numbers.epoch) after \(before)")
    }
  }
}
