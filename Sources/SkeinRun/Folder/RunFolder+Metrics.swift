import Foundation
import SkeinFiles
import SkeinRecord
import SkeinSafetensors
import SkeinTraining

/// `metrics.jsonl`: a line of numbers per epoch.
extension RunFolder {
  /// Adds one line.
  ///
  /// - Throws: `FileSystemError`; then the file is as it was.
  func append(_ metrics: EpochMetrics) throws {
    try LogFile.append(
      Array((try metrics.line() + "\n").utf8), to: metricsFile, through: calls)
  }

  /// Calls `body` with each line of the file and its number, from 1; `isWhole` is false for a last
  /// line that was cut off. Memory: a line.
  ///
  /// - Throws: `FormatError` for a line longer than any epoch's and for what is no regular
  ///   file, `FileSystemError` where there is none or it cannot be read, and what `body` throws.
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

  /// The error that line `line` holds no epoch's numbers.
  public func metricsFault(line: Int, found: String) -> FormatError {
    FormatError(
      file: metricsFile, what: "line \(line)", expected: "the numbers of an epoch", found: found,
      advice: "take the line out, or take the file from a copy of the run")
  }

  /// Calls `body` with the numbers of each epoch. Lines that are none, which a stopped run may have
  /// left, are passed over.
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

  /// The epoch that the best checkpoint is of, with its numbers, and so the one that everybody
  /// calls the best. Where there is no such checkpoint, the first of the epochs with the best
  /// numbers; nil before the first epoch's end.
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

  /// Keeps the lines of the first `epoch` epochs, each once: a stopped run may have left more of
  /// them, and an unfinished one.
  ///
  /// - Throws: as `forEachMetricsLine`.
  func keepMetrics(through epoch: Int) throws {
    var kept: [UInt8] = []
    var newest = 0
    let decoder = JSONDecoder()
    if FolderListing.kind(of: metricsFile) != nil {
      try forEachMetricsLine { line, _, _ in
        guard let metrics = try? decoder.decode(EpochMetrics.self, from: line),
          metrics.isPlausible, metrics.epoch <= epoch, metrics.epoch > newest
        else { return }
        newest = metrics.epoch
        kept += Array(line) + [UInt8(ascii: "\n")]
      }
    }
    try AtomicFile.write([kept], to: metricsFile, through: calls)
  }
}
