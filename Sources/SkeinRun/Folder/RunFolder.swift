import Foundation
import SkeinFiles
import Synchronization

/// A run's folder: `job.yaml`, `data.json`, `metrics.jsonl`, `lock`, and `checkpoints/` with one
/// safetensors file per kept step, `last` and `best`.
public struct RunFolder: Sendable {
  /// The path of the folder.
  public let path: String
  let calls: FileCalls

  /// - Parameters:
  ///   - path: the folder. It need not exist yet.
  ///   - warn: gets one line for each thing that the folder's file system cannot do, from any
  ///     thread.
  public init(path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
    var calls = FileCalls.below(path)
    let said = Said()
    calls.notice = { lack, code in
      let isNew = said.lacks.withLock { $0.insert(lack).inserted }
      if isNew { warn("\(path.printable()): \(lack.explanation(code: code))") }
    }
    self.init(path: path, calls: calls)
  }

  /// What the caller was warned of already.
  private final class Said: Sendable {
    let lacks = Mutex<Set<FileSystemLack>>([])
  }

  /// The same with other system calls, for tests in which one of them fails.
  package init(path: String, calls: FileCalls) {
    self.path = path
    self.calls = calls
  }

  /// The path of the resolved job.
  public var jobFile: String { path + "/job.yaml" }
  /// The path of the metrics, one line of JSON per epoch.
  public var metricsFile: String { path + "/metrics.jsonl" }
  /// The path of the file that `RunLock` locks.
  public var lockFile: String { path + "/lock" }
  /// The path of the folder with the checkpoints.
  public var checkpoints: String { path + "/checkpoints" }
  /// The path of the newest checkpoint.
  ///
  /// It is a second copy of the numbered checkpoint, so that a bad block damages only one of the
  /// two.
  public var last: String { checkpoints + "/last.safetensors" }
  /// The path of the checkpoint with the best value of the job's metric.
  public var best: String { checkpoints + "/best.safetensors" }

  /// The path of the run's web page.
  public var reportFile: String { path + "/report.html" }
  /// The folder of what was recorded for the run's pictures.
  public var history: RunHistory { RunHistory(path: path + "/history", calls: calls) }

  /// Whether the folder holds a run.
  public var holdsRun: Bool { fileExists(jobFile) }

  /// Checks that the folder holds a run.
  ///
  /// - Throws: `RunFolderError` where it holds none.
  public func requireRun() throws {
    guard holdsRun else { throw RunFolderError.noRun(path) }
  }

  /// The path of the numbered checkpoint of `step`.
  public func checkpoint(step: Int) -> String {
    let digits = String(step)
    let padding = String(repeating: "0", count: max(0, 12 - digits.count))
    return checkpoints + "/step-\(padding)\(digits).safetensors"
  }

  /// Makes the folder if it is missing, and takes its lock.
  ///
  /// - Throws: `RunFolderError` where something other than a run is in the folder, `RunInUseError`
  ///   where another process holds the lock, `FileSystemError`.
  public func open() throws -> RunLock {
    try inspect()
    try FolderMaking.make(checkpoints)
    return try RunLock(lockFile, folder: path, through: calls)
  }

  /// Checks that the folder holds no run, so that a new run never overwrites another one by
  /// accident.
  ///
  /// - Throws: `RunFolderError` where it holds one.
  public func refuseRun() throws {
    if holdsRun { throw RunFolderError.taken(path) }
  }

  /// Writes the resolved job. From then on the folder holds a run.
  ///
  /// - Parameter job: the job as YAML.
  /// - Throws: `FileSystemError`.
  package func write(job: String) throws {
    try AtomicFile.write([Array(job.utf8)], to: jobFile, through: calls)
  }
}
