import Glibc

/// A folder that new files are written to, and that is left as it was found when writing fails.
final class OutputFolder {
  let path: String
  private let wasCreated: Bool
  private var written: [String] = []
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
    guard let listing = opendir(path) else { return }
    defer { _ = closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      names.append(entryName(entry))
    }
    for name in names {
      guard name.contains(ShardEncoder.fileSuffix) || name.contains(Manifest.fileName),
        let writer = AtomicFile.writer(ofTemporary: name), kill(writer, 0) != 0, errno == ESRCH
      else { continue }
      _ = unlink("\(path)/\(name)")
    }
  }

  deinit {
    guard !isKept else { return }
    for name in written { _ = unlink("\(path)/\(name)") }
    if wasCreated { _ = rmdir(path) }
  }

  /// A name that no file has yet: `stem.suffix`, else `stem-2.suffix` and so on. It counts as
  /// written from here on.
  func freshName(_ stem: String, _ suffix: String) -> String {
    var name = stem + suffix
    var number = 2
    while access("\(path)/\(name)", F_OK) == 0 {
      name = "\(stem)-\(number)\(suffix)"
      number += 1
    }
    written.append(name)
    return name
  }

  /// Keeps what was written, and removes the files `outdated`, of which only plain names of shard
  /// files count: they come from an old manifest, which may say anything.
  func keep(removing outdated: [String]) {
    isKept = true
    for name in outdated where !written.contains(name) {
      guard name.hasSuffix(ShardEncoder.fileSuffix), !name.contains("/") else { continue }
      _ = unlink("\(path)/\(name)")
    }
  }
}
