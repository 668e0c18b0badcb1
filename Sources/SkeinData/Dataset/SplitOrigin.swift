import Glibc
import SkeinFiles

/// The files that a split came from, as they were when it was loaded.
public struct SplitOrigin: Sendable {
  /// A shard file, and what told it from others when it was last looked at.
  struct File: Sendable {
    let entry: Manifest.File
    var stamp: FileStamp
  }

  /// A file that cannot be looked at.
  public struct Unseen: Sendable, Equatable {
    /// Which file, and why it cannot be looked at.
    public let fault: DataFault
    /// Whether it is not there any more, as far as anybody can tell: removed, renamed, unmounted.
    /// Else the system refuses for reasons of its own, as with too many open files.
    public let isGone: Bool
  }

  let folder: String
  var files: [File]

  /// Looks whether the shard files still hold the bytes that were loaded. One `open` per file; a
  /// file that was touched, copied or mounted again is read and hashed once.
  ///
  /// - Returns: The files that cannot be looked at, each with the reason: training from memory can
  ///   go on without them.
  /// - Throws: `DataError` with every file that holds other bytes.
  public mutating func check() throws -> [Unseen] {
    let opened: Folder
    do {
      opened = try Folder(path: folder)
    } catch {
      return try Self.unseen(error)
    }
    var unseen: [Unseen] = []
    var changed: [DataFault] = []
    for index in files.indices {
      do {
        guard try !isUnchanged(&files[index], in: opened) else { continue }
        changed.append(
          DataFault(
            "\(folder)/\(files[index].entry.file)", expected: "the bytes that were loaded",
            found: "changed since start",
            advice: "let datasets rest while a run uses them; start the run again"))
      } catch {
        unseen += try Self.unseen(error)
      }
    }
    if !changed.isEmpty { throw DataError(changed) }
    return unseen
  }

  /// What `error` says of files; it is thrown on where it says nothing of any.
  private static func unseen(_ error: any Error) throws -> [Unseen] {
    switch error {
    case let error as DataError:
      return error.faults.map { Unseen(fault: $0, isGone: isGone($0.file)) }
    case let error as FileSystemError:
      let fault = DataFault(
        error.path, expected: "to see whether it has changed",
        found: "cannot \(error.operation) it: \(FileSystemError.text(of: error.code))")
      return [Unseen(fault: fault, isGone: isGone(error.path))]
    default: throw error
    }
  }

  /// Whether nothing is at `path` any more. A server that has removed a file says that its handle
  /// is stale.
  private static func isGone(_ path: String) -> Bool {
    access(path, F_OK) != 0 && [ENOENT, ENOTDIR, ESTALE].contains(errno)
  }

  /// Whether `file` holds what was loaded; then its new stamp is kept.
  private func isUnchanged(_ file: inout File, in folder: Folder) throws -> Bool {
    let found = try folder.openFile(file.entry.file, hashing: true, links: .follow)
    guard found.stamp != file.stamp else { return true }
    guard found.stamp.size == file.entry.bytes else { return false }
    try found.drain()
    guard found.hashText == file.entry.sha256 else { return false }
    file.stamp = found.stamp
    return true
  }
}
