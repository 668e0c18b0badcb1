import Glibc
import SkeinFiles

/// A folder for new files, which is left as it was found when writing fails.
///
/// The files have temporary names until `publish`. A writer that is killed before leaves only such
/// files, and the next writer removes them.
final class OutputFolder {
  let path: String
  private let wasCreated: Bool
  /// The new files' names, and their temporary ones while they have them.
  private var written: [String] = []
  private var staged: [String: String] = [:]
  private var isKept = false

  /// Makes the folder, and those above it, where they are missing.
  ///
  /// - Throws: `FileSystemError`.
  init(path: String) throws(FileSystemError) {
    self.path = path
    wasCreated = try FolderMaking.make(path)
    if !wasCreated { removeLeftovers() }
  }

  /// Removes the temporary files of writers that were killed on this machine.
  private func removeLeftovers() {
    for name in (try? FolderListing.names(in: path)) ?? [] {
      guard name.contains(Manifest.shardSuffix) || name.contains(Manifest.fileName),
        let writer = AtomicFile.writer(ofTemporary: name), kill(writer, 0) != 0, errno == ESRCH
      else { continue }
      _ = unlink("\(path)/\(name)")
    }
  }

  deinit {
    guard !isKept else { return }
    for name in written { _ = unlink("\(path)/\(staged[name] ?? name)") }
    if wasCreated { _ = rmdir(path) }
  }

  /// A name that no file has yet: `stem.suffix`, else `stem-2.suffix` and so on, and the path to
  /// write the file to until it gets that name. It counts as written from here on.
  func freshName(_ stem: String, _ suffix: String) -> (name: String, path: String) {
    var name = stem + suffix
    var number = 2
    while fileExists("\(path)/\(name)") {
      name = "\(stem)-\(number)\(suffix)"
      number += 1
    }
    let temporary = AtomicFile.temporaryName(for: name)
    written.append(name)
    staged[name] = temporary
    return (name, "\(path)/\(temporary)")
  }

  /// Gives the new files their names, for good.
  ///
  /// - Throws: `FileSystemError`, also where another file has taken a name meanwhile.
  func publish() throws(FileSystemError) {
    for name in written {
      guard let temporary = staged[name] else { continue }
      let target = "\(path)/\(name)"
      guard !fileExists(target) else { throw FileSystemError("create", target, code: EEXIST) }
      guard rename("\(path)/\(temporary)", target) == 0 else {
        throw FileSystemError("create", target, code: errno)
      }
      staged[name] = nil
    }
    try AtomicFile.flushFolder(path)
  }

  /// Keeps what was written, and removes the files `outdated`, of which only plain names of shard
  /// files count: they come from an old manifest, which may say anything.
  func keep(removing outdated: [String]) {
    isKept = true
    for name in outdated where !written.contains(name) {
      guard name.hasSuffix(Manifest.shardSuffix), PathBytes.components(name).count == 1
      else { continue }
      _ = unlink("\(path)/\(name)")
    }
  }
}
