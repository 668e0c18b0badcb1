import Glibc
import SkeinFiles

/// An open folder whose files are opened by names that strangers wrote.
///
/// A name in a manifest is walked component by component with `openat` and `O_NOFOLLOW`, so that
/// the system itself refuses to leave the folder; there is no moment between a check and the open.
/// The last component alone may be a symbolic link, where the caller asks for that: see `Links`.
struct Folder: Sendable {
  let path: String
  private let descriptor: Descriptor

  /// Opens a folder that the user named; symbolic links are followed.
  ///
  /// - Throws: `DataError` where there is no such folder.
  init(path: String) throws {
    let raw = uninterrupted { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard raw >= 0 else {
      let code = errno
      guard [ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(code) else {
        throw FileSystemError("open", path, code: code)
      }
      throw DataError(
        path, expected: "a dataset folder, which holds dataset.json",
        found: FileSystemError.text(of: code),
        advice: "name the dataset's folder, or make one with skein data pack or skein data import "
          + "(a program may train on an ArrayDataset instead)")
    }
    self.path = path
    descriptor = Descriptor(owning: raw)
  }

  /// What to do where a file's name turns out to be a symbolic link.
  enum Links {
    case refuse
    /// Follow it to a regular file, wherever that is. Only for a file whose name the user gave, or
    /// whose bytes are compared with a hash before any of them is used or shown.
    case follow
  }

  /// Opens the regular file `name` inside this folder.
  ///
  /// - Throws: `DataError` for a name that leads out of the folder or through a symbolic link, and
  ///   for what is no regular file.
  func openFile(
    _ name: String, hashing: Bool = false, links: Links = .refuse
  ) throws -> InputFile {
    let shown = path.hasSuffix("/") ? path + name : path + "/" + name
    let components = PathBytes.components(name)
    let refused = components.contains { ["", ".", ".."].contains($0) }
    guard !refused, !name.utf8.contains(0), name.utf8.count < Int(PATH_MAX) else {
      throw DataError(
        shown, expected: "a name inside the dataset folder", found: "\"\(name)\"",
        advice: "names in dataset.json are relative, without . and .. parts")
    }
    var current = descriptor
    for component in components.dropLast() {
      let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
      let raw = uninterrupted { openat(current.raw, component, flags) }
      guard raw >= 0 else { throw InputFile.openError(shown, code: errno) }
      current = Descriptor(owning: raw)
    }
    let last = components[components.count - 1]
    let raw = uninterrupted { openat(current.raw, last, InputFile.openFlags | O_NOFOLLOW) }
    if raw < 0, errno == ELOOP, links == .follow {
      return try followLink(last, in: current, shown, hashing: hashing)
    }
    guard raw >= 0 else { throw InputFile.openError(shown, code: errno) }
    return try InputFile(Descriptor(owning: raw), name: shown, hashing: hashing, isLink: false)
  }

  /// Linux's `O_PATH`, which Swift does not see.
  private static let pathOnly: Int32 = 0o10_000_000

  /// Opens what the link `name` in `folder` leads to.
  ///
  /// `O_PATH` finds it without opening it, so that no device is touched and no pipe waited for. If
  /// another file takes its place before the second call, that one is opened without waiting, found
  /// to be another one, and closed unread.
  private func followLink(
    _ name: String, in folder: Descriptor, _ shown: String, hashing: Bool
  ) throws -> InputFile {
    let found = uninterrupted { openat(folder.raw, name, Self.pathOnly | O_CLOEXEC) }
    guard found >= 0 else {
      guard errno == ENOENT else { throw InputFile.openError(shown, code: errno) }
      throw DataError(
        shown, expected: "a file", found: "a symbolic link to nothing",
        advice: "fetch what it stands for (git annex get, dvc pull, huggingface-cli download)")
    }
    let target = try FileStamp.regular(Descriptor(owning: found), path: shown)
    let raw = uninterrupted { openat(folder.raw, name, InputFile.openFlags) }
    guard raw >= 0 else { throw InputFile.openError(shown, code: errno) }
    let file = try InputFile(Descriptor(owning: raw), name: shown, hashing: hashing, isLink: true)
    guard file.stamp == target else {
      throw DataError(shown, expected: "a file that rests", found: "one that changes")
    }
    return file
  }
}
