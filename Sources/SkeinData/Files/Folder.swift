import Glibc

/// An open folder whose files are opened by names that strangers wrote.
///
/// A name in a manifest is walked component by component with `openat` and `O_NOFOLLOW`, so that
/// the system itself refuses to leave the folder; there is no moment between a check and the open.
struct Folder: Sendable {
  let path: String
  private let descriptor: Descriptor

  /// Opens a folder that the user named; symbolic links are followed.
  ///
  /// - Throws: `DataError` where there is no such folder.
  init(path: String) throws {
    let raw = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else {
      let code = errno
      guard [ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(code) else {
        throw FileSystemError("open", path, code: code)
      }
      throw DataError(
        path, expected: "a dataset folder, which holds dataset.json",
        found: FileSystemError.text(of: code),
        advice: "make one with skein data pack or skein data import")
    }
    self.path = path
    descriptor = Descriptor(owning: raw)
  }

  /// Opens the regular file `name` inside this folder.
  ///
  /// - Throws: `DataError` for a name that leads out of the folder or through a symbolic link, and
  ///   for what is no regular file.
  func openFile(_ name: String, hashing: Bool = false) throws -> InputFile {
    let shown = path.hasSuffix("/") ? path + name : path + "/" + name
    let components = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let refused = components.contains { ["", ".", ".."].contains($0) }
    guard !refused, !name.utf8.contains(0), name.utf8.count < Int(PATH_MAX) else {
      throw DataError(
        shown, expected: "a name inside the dataset folder", found: "\"\(name)\"",
        advice: "names in dataset.json are relative, without . and .. parts")
    }
    var current = descriptor
    for component in components.dropLast() {
      let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
      let raw = openat(current.raw, component, flags)
      guard raw >= 0 else { throw InputFile.openError(shown, code: errno) }
      current = Descriptor(owning: raw)
    }
    let raw = openat(
      current.raw, components[components.count - 1], InputFile.openFlags | O_NOFOLLOW)
    guard raw >= 0 else { throw InputFile.openError(shown, code: errno) }
    return try InputFile(Descriptor(owning: raw), name: shown, hashing: hashing)
  }
}
