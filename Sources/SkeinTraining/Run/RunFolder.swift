import Foundation
import SkeinData
import SkeinModel

/// A run's folder: `job.yaml`, `metrics.jsonl`, `lock`, and `checkpoints/` with one safetensors
/// file per kept step, `last` and `best`.
public struct RunFolder: Sendable {
  public let path: String
  let calls: FileCalls

  public init(path: String) { self.init(path: path, calls: .system) }

  /// The same through other system calls, for tests in which the k-th one fails.
  package init(path: String, calls: FileCalls) {
    self.path = path
    self.calls = calls
  }

  public var jobFile: String { path + "/job.yaml" }
  public var metricsFile: String { path + "/metrics.jsonl" }
  public var lockFile: String { path + "/lock" }
  public var checkpoints: String { path + "/checkpoints" }
  /// The newest checkpoint.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The checkpoint with the best value of the job's metric.
  public var best: String { checkpoints + "/best.safetensors" }

  /// Whether a run is in it.
  public var holdsRun: Bool { FileManager.default.fileExists(atPath: jobFile) }

  /// The checkpoint file of `step`.
  public func checkpoint(step: Int) -> String {
    let digits = String(step)
    let padding = String(repeating: "0", count: max(0, 12 - digits.count))
    return checkpoints + "/step-\(padding)\(digits).safetensors"
  }

  /// Makes the folder and takes its lock.
  ///
  /// - Throws: `FileSystemError`, `RunInUseError`.
  public func open() throws -> RunLock {
    try FolderMaking.make(checkpoints)
    return try RunLock(lockFile, folder: path)
  }

  /// Writes the resolved job, which makes the folder one that holds a run.
  ///
  /// - Throws: `FileSystemError`.
  public func write(job: String) throws {
    try AtomicFile.write([Array(job.utf8)], to: jobFile, through: calls)
  }

  /// Adds one line to `metrics.jsonl`.
  ///
  /// - Throws: `FileSystemError`; then the file is as it was.
  func append(_ metrics: EpochMetrics) throws {
    try LogFile.append(
      Array((try metrics.line() + "\n").utf8), to: metricsFile, through: calls)
  }

  /// Keeps the lines of `metrics.jsonl` of the first `epoch` epochs: a stopped run may have left
  /// more of them, and an unfinished one.
  func keepMetrics(through epoch: Int) throws {
    let data = FileManager.default.contents(atPath: metricsFile) ?? Data()
    let decoder = JSONDecoder()
    var kept: [UInt8] = []
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let metrics = try? decoder.decode(EpochMetrics.self, from: line),
        metrics.epoch <= epoch
      else { continue }
      kept += Array(line) + [UInt8(ascii: "\n")]
    }
    try AtomicFile.write([kept], to: metricsFile, through: calls)
  }

  /// Writes a checkpoint's `bytes`: as `step-N`, as `best` where it is that, and at the very end as
  /// `last`, from which a resumed run goes on. Then removes numbered ones beyond the newest `keep`.
  ///
  /// Each name stands for the old checkpoint or the new one at every instant. The metrics of the
  /// epochs before are made to last first.
  /// - Throws: `FileSystemError`.
  func save(_ bytes: [UInt8], step: Int, isBest: Bool, keep: Int) throws {
    try LogFile.flush(metricsFile, through: calls)
    let numbered = checkpoint(step: step)
    try AtomicFile.write([bytes], to: numbered, through: calls)
    if isBest { try AtomicFile.link(numbered, as: best, content: bytes, through: calls) }
    try AtomicFile.link(numbered, as: last, content: bytes, through: calls)
    try AtomicFile.flushFolder(checkpoints, through: calls)
    for name in numberedCheckpoints().dropLast(keep) { try remove(name) }
  }

  /// Removes what a stopped run may have left: numbered checkpoints from after `step`, and
  /// temporary files.
  func removeLeftovers(after step: Int) throws {
    let newest = URL(fileURLWithPath: checkpoint(step: step)).lastPathComponent
    for name in numberedCheckpoints() where name > newest { try remove(name) }
    for folder in [path, checkpoints, RunHistory(self).path] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where AtomicFile.isTemporary(name) {
        _ = calls.unlink(folder + "/" + name)
      }
    }
  }

  /// The names of the numbered checkpoints, oldest first.
  func numberedCheckpoints() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }.sorted()
  }

  private func remove(_ name: String) throws {
    let file = checkpoints + "/" + name
    guard calls.unlink(file) == 0 || errno == ENOENT else {
      throw FileSystemError("remove", file, code: errno)
    }
  }
}
