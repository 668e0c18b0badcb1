import Foundation
import SkeinData
import SkeinModel

/// A run's folder: `job.yaml`, `metrics.jsonl`, and `checkpoints/` with one safetensors file per
/// kept step, `last` and `best`.
public struct RunFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  public var jobFile: String { path + "/job.yaml" }
  public var metricsFile: String { path + "/metrics.jsonl" }
  public var checkpoints: String { path + "/checkpoints" }
  /// The newest checkpoint.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The checkpoint with the highest accuracy.
  public var best: String { checkpoints + "/best.safetensors" }

  /// Whether a run is in it.
  public var holdsRun: Bool { FileManager.default.fileExists(atPath: jobFile) }

  /// The checkpoint file of `step`.
  public func checkpoint(step: Int) -> String {
    let digits = String(step)
    let padding = String(repeating: "0", count: max(0, 12 - digits.count))
    return checkpoints + "/step-\(padding)\(digits).safetensors"
  }

  /// Makes the folder and writes the resolved job into it.
  ///
  /// - Throws: `FileSystemError`.
  public func create(job: String) throws {
    try fileSystem("make the folder", checkpoints) {
      try FileManager.default.createDirectory(
        atPath: checkpoints, withIntermediateDirectories: true)
    }
    try AtomicFile.write(Array(job.utf8), to: jobFile)
    try AtomicFile.write([UInt8](), to: metricsFile)
  }

  /// Adds one line to `metrics.jsonl`; a line is there whole or not at all.
  public func append(_ metrics: EpochMetrics) throws {
    var bytes = try lines(before: metrics.epoch)
    bytes += Array(try metrics.line().utf8) + [UInt8(ascii: "\n")]
    try AtomicFile.write(bytes, to: metricsFile)
  }

  /// Drops the lines of `metrics.jsonl` from after `epoch`, which a stopped run may have left.
  public func truncateMetrics(after epoch: Int) throws {
    try AtomicFile.write(try lines(before: epoch + 1), to: metricsFile)
  }

  /// The checkpoint in `file`, for a model of `architecture`.
  ///
  /// - Throws: `CheckpointError`.
  public static func load(_ file: String, _ architecture: Architecture) throws -> Checkpoint {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CheckpointError(
        file: file, what: "file", expected: "a checkpoint", found: "no file that can be read",
        advice: "train first, or name another one with --checkpoint")
    }
    return try Checkpoint(decoding: Array(data), file: file, architecture: architecture)
  }

  /// The newest checkpoint that is whole: `last`, and behind it the numbered ones, newest first.
  ///
  /// - Parameter warn: gets a line for each damaged checkpoint that was passed over.
  /// - Returns: nil where there is none at all.
  /// - Throws: the first one's `CheckpointError` where every one is damaged.
  public func newestCheckpoint(
    _ architecture: Architecture, warn: (String) -> Void
  ) throws -> Checkpoint? {
    let numbered = try numberedCheckpoints().reversed().map { checkpoints + "/" + $0 }
    var failure: (any Error)?
    for file in [last] + numbered where FileManager.default.fileExists(atPath: file) {
      do {
        return try Self.load(file, architecture)
      } catch {
        warn("\(error)")
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Writes `checkpoint` as `step-N` and `last`, and as `best` where it is that; then removes
  /// numbered ones beyond the newest `keep`.
  func save(_ bytes: [UInt8], step: Int, isBest: Bool, keep: Int) throws {
    try AtomicFile.write(bytes, to: checkpoint(step: step))
    try AtomicFile.write(bytes, to: last)
    if isBest { try AtomicFile.write(bytes, to: best) }
    for name in try numberedCheckpoints().dropLast(keep) {
      try fileSystem("remove", checkpoints + "/" + name) {
        try FileManager.default.removeItem(atPath: checkpoints + "/" + name)
      }
    }
  }

  private func numberedCheckpoints() throws -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }.sorted()
  }

  /// The lines of `metrics.jsonl` that are of epochs before `epoch`.
  private func lines(before epoch: Int) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: metricsFile) else { return [] }
    let decoder = JSONDecoder()
    var kept: [UInt8] = []
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let metrics = try? decoder.decode(EpochMetrics.self, from: line),
        metrics.epoch < epoch
      else { continue }
      kept += Array(line) + [UInt8(ascii: "\n")]
    }
    return kept
  }

  private func fileSystem(_ operation: String, _ path: String, _ body: () throws -> Void) throws {
    do { try body() } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      throw FileSystemError(operation, path, code: Int32(code ?? Int(EIO)))
    }
  }
}
