import Foundation
import SkeinData
import SkeinModel

extension RunFolder {
  /// The checkpoint in `file`, for a model of `architecture`.
  ///
  /// - Throws: `CheckpointError`.
  public static func load(_ file: String, _ architecture: Architecture) throws -> Checkpoint {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw CheckpointError(
        file: file, what: "file", expected: "a checkpoint",
        found: cause.map { FileSystemError.text(of: Int32($0.code)) } ?? "no such file",
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
    let numbered = numberedCheckpoints().reversed().map { checkpoints + "/" + $0 }
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

  /// Makes the folder go on from `checkpoint`, or from the beginning: drops what is newer.
  ///
  /// - Throws: `FileSystemError`.
  public func rewind(to checkpoint: Checkpoint?) throws {
    try keepMetrics(through: checkpoint?.progress.epoch ?? 0)
    try removeLeftovers(after: checkpoint?.progress.step ?? 0)
  }
}
