import Foundation
import SkeinData
import SkeinFiles
import SkeinRecord
import SkeinTraining

/// `metrics.jsonl`: one line of numbers per epoch.
extension RunFolder {
  /// Appends the line of one epoch.
  ///
  /// - Throws: `FileSystemError`. The file then keeps its old content.
  func append(_ metrics: EpochMetrics) throws {
    try LogFile.append(
      Array((try metrics.line() + "\n").utf8), to: metricsFile, through: calls)
  }

  /// Calls `body` with each line of the file and the line's number, from 1. `isWhole` is false for
  /// a last line that was cut off. Memory: one line.
  ///
  /// - Throws: `FormatError` for a line that is too long for an epoch and for anything but a
  ///   regular file, `FileSystemError` where the file is missing or cannot be read, and what `body`
  ///   throws.
  public func forEachMetricsLine(
    _ body: (_ line: Data, _ number: Int, _ isWhole: Bool) throws -> Void
  ) throws {
    do {
      try LineFile.forEach(metricsFile) { try body(Data($0), $1, $2) }
    } catch LineFile.Failure.file(.system(let code)) {
      throw FileSystemError("read", metricsFile, code: code)
    } catch LineFile.Failure.file(let failure) {
      throw FormatError(
        file: metricsFile, what: "file", expected: "a regular file", found: "\(failure)",
        advice: "take the file from a copy of the run")
    } catch LineFile.Failure.longLine(let number) {
      throw metricsFault(line: number, found: "more than \(LineFile.longestLine) bytes")
    }
  }

  /// The error for a line without the numbers of an epoch. Lines count from 1.
  public func metricsFault(line: Int, found: String) -> FormatError {
    FormatError(
      file: metricsFile, what: "line \(line)", expected: "the numbers of an epoch", found: found,
      advice: "take the line out, or take the file from a copy of the run")
  }

  /// Calls `body` with the numbers of each epoch. Lines without such numbers are skipped: a stopped
  /// run may have left one.
  ///
  /// - Throws: as `forEachMetricsLine`.
  private func forEachEpoch(_ body: (EpochMetrics) -> Void) throws {
    guard FolderListing.kind(of: metricsFile) != nil else { return }
    let decoder = JSONDecoder()
    try forEachMetricsLine { line, _, _ in
      if let metrics = try? decoder.decode(EpochMetrics.self, from: line), metrics.isPlausible {
        body(metrics)
      }
    }
  }

  /// The numbers of the best checkpoint's epoch, so that every command names the same epoch as the
  /// best.
  ///
  /// Without such a checkpoint it is the epoch with the best score, the first of equals. Nil before
  /// the first epoch ends.
  ///
  /// - Throws: as `forEachMetricsLine`.
  public func bestEpoch(by metric: BestMetric) throws -> EpochMetrics? {
    let kept = CheckpointLabel(best)?.epoch
    var (found, best): (EpochMetrics?, EpochMetrics?)
    try forEachEpoch { next in
      if next.epoch == kept { found = next }
      if best.map({ metric.score($0) < metric.score(next) }) ?? true { best = next }
    }
    return found ?? best
  }

  /// Keeps the lines of the first `epoch` epochs, each once. A stopped run may have left lines of
  /// later epochs, and one that is cut off.
  ///
  /// What is kept, `EpochMetrics.read` can read, so that a run with a damaged line gets its page.
  ///
  /// - Parameter warn: gets a line for each other line that is dropped.
  /// - Throws: as `forEachMetricsLine`.
  func keepMetrics(through epoch: Int, warn: (String) -> Void = { _ in }) throws {
    var kept: [UInt8] = []
    var newest = 0
    let decoder = JSONDecoder()
    if FolderListing.kind(of: metricsFile) != nil {
      try forEachMetricsLine { line, number, isWhole in
        func drop(_ found: String) {
          warn("\(metricsFault(line: number, found: found).advising("the line is taken out"))")
        }
        guard let metrics = try? decoder.decode(EpochMetrics.self, from: line),
          metrics.isPlausible, JSONKeys.repeated(in: Array(line)).isEmpty
        else {
          if isWhole { drop(String(decoding: line.prefix(60), as: UTF8.self)) }
          return
        }
        guard metrics.epoch <= epoch else { return }
        guard metrics.epoch > newest else {
          return drop("epoch \(metrics.epoch) after \(newest)")
        }
        newest = metrics.epoch
        kept += Array(line) + [UInt8(ascii: "\n")]
      }
    }
    try AtomicFile.write([kept], to: metricsFile, through: calls)
  }
}
