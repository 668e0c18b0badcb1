/// The files that a split came from, as they were when it was loaded.
public struct SplitOrigin: Sendable {
  /// A shard file, and what told it from others when it was last looked at.
  struct File: Sendable {
    let entry: Manifest.File
    var stamp: FileStamp
  }

  let folder: String
  var files: [File]

  /// Looks whether the shard files still hold the bytes that were loaded. One `open` per file; a
  /// file that was touched, copied or mounted again is read and hashed once.
  ///
  /// - Returns: The files that are gone or cannot be read, each with the reason: training from
  ///   memory can go on without them.
  /// - Throws: `DataError` with every file that holds other bytes.
  public mutating func check() throws -> [DataFault] {
    var gone: [DataFault] = []
    var changed: [DataFault] = []
    do {
      let opened = try Folder(path: folder)
      for index in files.indices {
        do {
          guard try !isUnchanged(&files[index], in: opened) else { continue }
          changed.append(
            DataFault(
              "\(folder)/\(files[index].entry.file)", expected: "the bytes that were loaded",
              found: "changed since start",
              advice: "let datasets rest while a run uses them; start the run again"))
        } catch let error as DataError {
          gone += error.faults
        } catch let error as FileSystemError {
          gone.append(fault(error))
        }
      }
    } catch let error as DataError {
      gone += error.faults
    } catch let error as FileSystemError {
      gone.append(fault(error))
    }
    if !changed.isEmpty { throw DataError(changed) }
    return gone
  }

  private func fault(_ error: FileSystemError) -> DataFault {
    DataFault(
      error.path, expected: "a readable file", found: FileSystemError.text(of: error.code))
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
