import Glibc

/// Writes files so that a reader finds the old content or the new, never something between.
public enum AtomicFile {
  /// Replaces or creates the file at `path`.
  ///
  /// The recipe: a temporary file `.NAME.tmp-PID-RANDOM` in the same folder, write all, `fsync`,
  /// rename over `path`, `fsync` the folder. When anything fails, the temporary file is removed and
  /// a file that stood at `path` stays as it was. O(bytes) and two flushes of the disk's cache.
  ///
  /// - Throws: `FileSystemError` with the step that failed.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileSystemError) {
    try write([bytes], to: path)
  }

  /// The same for content in several parts, which are written one after the other.
  public static func write(_ parts: [[UInt8]], to path: String) throws(FileSystemError) {
    try write(parts, to: path, through: .system)
  }

  /// The same through other system calls, for tests in which the k-th one fails.
  ///
  /// - Parameter permissions: the new file's; nil for what the process gives new files.
  package static func write(
    _ parts: [[UInt8]], to path: String, through calls: FileCalls, permissions: mode_t? = nil
  ) throws(FileSystemError) {
    let temporary = temporaryPath(for: path)
    let file = uninterrupted {
      calls.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard file >= 0 else { throw FileSystemError("create", path, code: errno) }
    if let permissions { _ = fchmod(file, permissions) }
    do throws(FileSystemError) {
      do throws(FileSystemError) {
        for part in parts { try write(part, to: file, path: path, through: calls) }
        // A failed fsync may have dropped the bytes for good: no second try on the same file.
        try flush(file, path, through: calls)
      } catch {
        _ = calls.close(file)
        throw error
      }
      guard calls.close(file) == 0 else { throw FileSystemError("close", path, code: errno) }
      guard uninterrupted({ calls.rename(temporary, path) }) == 0 else {
        throw FileSystemError("replace", path, code: errno)
      }
    } catch {
      _ = calls.unlink(temporary)
      throw error
    }
    try flushFolder(split(path).folder, through: calls)
  }

  /// Writes all of `bytes` to the open `file`, however short the single writes are.
  package static func write(
    _ bytes: [UInt8], to file: Int32, path: String, through calls: FileCalls
  ) throws(FileSystemError) {
    var written = 0
    while written < bytes.count {
      let count = uninterrupted {
        bytes[written...].withUnsafeBytes { calls.write(file, $0) }
      }
      let code = errno
      // A write of nothing would be tried for ever.
      guard count > 0 else {
        throw FileSystemError("write", path, code: count == 0 ? ENOSPC : code)
      }
      written += count
    }
  }

  /// Flushes an open file, where its file system knows how to.
  static func flush(
    _ file: Int32, _ path: String, through calls: FileCalls
  ) throws(FileSystemError) {
    guard uninterrupted({ calls.fsync(file) }) != 0 else { return }
    let code = errno
    guard FileSystemLack.ofFiles.contains(code) else {
      throw FileSystemError("flush", path, code: code)
    }
    calls.notice(.flushingFiles, code)
  }

  /// Gives the file at `existing` the second name `path`, in place of a file that had it.
  ///
  /// A hard link costs no copy; where there is none to be had, for whatever reason, the content is
  /// written again. The new name lasts once `flushFolder` has returned.
  /// - Throws: `FileSystemError`; the file that stood at `path` is then still there.
  package static func link(
    _ existing: String, as path: String, content: [UInt8], through calls: FileCalls = .system
  ) throws(FileSystemError) {
    let temporary = temporaryPath(for: path)
    guard uninterrupted({ calls.link(existing, temporary) }) == 0 else {
      let code = errno
      try write([content], to: path, through: calls)
      return calls.notice(.hardLinks, code)
    }
    guard uninterrupted({ calls.rename(temporary, path) }) == 0 else {
      let code = errno
      _ = calls.unlink(temporary)
      throw FileSystemError("replace", path, code: code)
    }
    // Where both names meant the same file already, rename does nothing and leaves the first one.
    _ = calls.unlink(temporary)
  }

  /// The file whose temporary file `name` is, which a killed process may have left behind; nil for
  /// any other name. Other programs' temporary files look much the same, so whoever removes one
  /// asks whether the file is one of its own.
  package static func target(ofTemporary name: String) -> String? {
    guard let match = name.wholeMatch(of: /\.(.+)\.tmp-[0-9]+-[0-9a-f]{1,8}/) else { return nil }
    return String(match.1)
  }

  /// The process that wrote the temporary file `name`; nil where it is none.
  package static func writer(ofTemporary name: String) -> pid_t? {
    guard target(ofTemporary: name) != nil, let mark = name.firstRange(of: ".tmp-") else {
      return nil
    }
    return name[mark.upperBound...].split(separator: "-").first.flatMap { pid_t($0) }
      .flatMap { $0 > 0 ? $0 : nil }
  }

  private static func temporaryPath(for path: String) -> String {
    let (folder, name) = split(path)
    return folder + "/" + temporaryName(for: name)
  }

  /// A hidden name that no file has, for a file that will be `name`. Of a long one it has the
  /// front: names may have 255 bytes.
  package static func temporaryName(for name: String) -> String {
    var front = name
    while PathBytes.bytes(front).count > 200 { front.unicodeScalars.removeLast() }
    return ".\(front).tmp-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 16))"
  }

  /// Makes a rename itself last: the folder's entry is data of the folder.
  package static func flushFolder(
    _ folder: String, through calls: FileCalls = .system
  ) throws(FileSystemError) {
    let descriptor = uninterrupted {
      calls.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    }
    var code = errno
    if descriptor >= 0 {
      let result = uninterrupted { calls.fsync(descriptor) }
      code = errno
      _ = calls.close(descriptor)
      if result == 0 { return }
    }
    guard FileSystemLack.ofFolders.contains(code) else {
      throw FileSystemError(descriptor < 0 ? "open" : "flush", folder, code: code)
    }
    calls.notice(.flushingFolders, code)
  }

  /// `a/b/c` → (`a/b`, `c`); a bare name lies in `.`. By bytes: a slash before a combining accent
  /// is no `Character` of its own.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.utf8.index(after: slash)...]))
  }
}
