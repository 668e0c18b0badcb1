import Foundation
import SkeinFiles
import Synchronization

/// A run's folder: `job.yaml`, `data.json`, `metrics.jsonl`, `lock`, and `checkpoints/` with one
/// safetensors file per kept step, `last` and `best`.
public struct RunFolder: Sendable {
  public let path: String
  let calls: FileCalls

  /// - Parameter warn: gets a line, once each, for what the folder's file system cannot do.
  public init(path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
    var calls = FileCalls.below(path)
    let said = Said()
    calls.notice = { lack, code in
      let isNew = said.lacks.withLock { $0.insert(lack).inserted }
      if isNew { warn("\(path.printable()): \(lack.explanation(code: code))") }
    }
    self.init(path: path, calls: calls)
  }

  /// What was warned of already.
  private final class Said: Sendable {
    let lacks = Mutex<Set<FileSystemLack>>([])
  }

  /// The same through other system calls, for tests in which the k-th one fails.
  package init(path: String, calls: FileCalls) {
    self.path = path
    self.calls = calls
  }

  public var jobFile: String { path + "/job.yaml" }
  public var metricsFile: String { path + "/metrics.jsonl" }
  public var lockFile: String { path + "/lock" }
  public var checkpoints: String { path + "/checkpoints" }
  /// The newest checkpoint: a file of its own beside the numbered one with the same content, so
  /// that a bad block takes one of the two.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The checkpoint with the best value of the job's metric.
  public var best: String { checkpoints + "/best.safetensors" }

  /// The run's web page.
  public var reportFile: String { path + "/report.html" }
  /// What was recorded for its pictures.
  public var history: RunHistory { RunHistory(path: path + "/history", calls: calls) }

  /// Whether a run is in it.
  public var holdsRun: Bool { fileExists(jobFile) }

  /// - Throws: `RunFolderError` where no run is in it.
  public func requireRun() throws {
    guard holdsRun else { throw RunFolderError.noRun(path) }
  }

  /// The checkpoint file of `step`.
  public func checkpoint(step: Int) -> String {
    let digits = String(step)
    let padding = String(repeating: "0", count: max(0, 12 - digits.count))
    return checkpoints + "/step-\(padding)\(digits).safetensors"
  }

  /// Makes the folder, unless something else than a run lies in it, and takes its lock.
  ///
  /// - Throws: `RunFolderError`, `FileSystemError`, `RunInUseError`.
  public func open() throws -> RunLock {
    try inspect()
    try FolderMaking.make(checkpoints)
    return try RunLock(lockFile, folder: path, through: calls)
  }

  /// A folder that holds a run is never overwritten by accident.
  ///
  /// - Throws: `RunFolderError` if it holds one.
  public func refuseRun() throws {
    if holdsRun { throw RunFolderError.taken(path) }
  }

  /// Writes the resolved job, which makes the folder one that holds a run.
  ///
  /// - Throws: `FileSystemError`.
  public func write(job: String) throws {
    try AtomicFile.write([Array(job.utf8)], to: jobFile, through: calls)
  }
}
