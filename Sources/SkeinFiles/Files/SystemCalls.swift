import Glibc

// The system's calls that take a path, for paths as `PathBytes` writes them. They have the names of
// the system's own, and a text is no C string: so a call with a text is one of these.

package func open(_ path: String, _ flags: Int32) -> Int32 {
  PathBytes.withName(path) { open($0, flags) }
}

package func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  PathBytes.withName(path) { open($0, flags, mode) }
}

package func openat(_ folder: Int32, _ path: String, _ flags: Int32) -> Int32 {
  PathBytes.withName(path) { openat(folder, $0, flags) }
}

package func openat(_ folder: Int32, _ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  PathBytes.withName(path) { openat(folder, $0, flags, mode) }
}

package func opendir(_ path: String) -> OpaquePointer? {
  PathBytes.withName(path) { opendir($0) }
}

package func access(_ path: String, _ mode: Int32) -> Int32 {
  PathBytes.withName(path) { access($0, mode) }
}

package func stat(_ path: String, _ status: UnsafeMutablePointer<stat>) -> Int32 {
  PathBytes.withName(path) { stat($0, status) }
}

package func lstat(_ path: String, _ status: UnsafeMutablePointer<stat>) -> Int32 {
  PathBytes.withName(path) { lstat($0, status) }
}

package func mkdir(_ path: String, _ mode: mode_t) -> Int32 {
  PathBytes.withName(path) { mkdir($0, mode) }
}

package func rmdir(_ path: String) -> Int32 {
  PathBytes.withName(path) { rmdir($0) }
}

package func unlink(_ path: String) -> Int32 {
  PathBytes.withName(path) { unlink($0) }
}

package func unlinkat(_ folder: Int32, _ path: String, _ flags: Int32) -> Int32 {
  PathBytes.withName(path) { unlinkat(folder, $0, flags) }
}

package func rename(_ old: String, _ new: String) -> Int32 {
  PathBytes.withName(old) { old in PathBytes.withName(new) { rename(old, $0) } }
}

package func link(_ existing: String, _ new: String) -> Int32 {
  PathBytes.withName(existing) { old in PathBytes.withName(new) { link(old, $0) } }
}

/// Whether there is something at `path`, links followed.
package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// What lies at `path`, links followed, as `S_IFREG` or `S_IFDIR`; nil where nothing does, or where
/// it cannot be seen.
package func fileKind(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}

/// Where the symbolic link at `path` leads; nil where that cannot be read, with `errno` set.
package func linkTarget(_ path: String) -> String? {
  var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  let count = PathBytes.withName(path) { readlink($0, &bytes, Int(PATH_MAX)) }
  return count < 0 ? nil : PathBytes.text(bytes[..<count].map { UInt8(bitPattern: $0) })
}

/// `path` without symbolic links, from the root on; nil where nothing is there.
package func realPath(_ path: String) -> String? {
  guard let real = PathBytes.withName(path, { realpath($0, nil) }) else { return nil }
  defer { free(real) }
  return PathBytes.text(real)
}

/// The name of a folder's entry.
package func entryName(_ entry: UnsafeMutablePointer<dirent>) -> String {
  withUnsafeBytes(of: &entry.pointee.d_name) { PathBytes.text($0.prefix { $0 != 0 }) }
}
