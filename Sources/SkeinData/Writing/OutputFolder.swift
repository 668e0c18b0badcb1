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
