import Glibc

/// What the system's `mode_t` says of a file.
package enum FileMode {
  /// What a file of `mode` is, other than a regular one, in words.
  package static func kind(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: return "a folder"
    case S_IFIFO: return "a named pipe"
    case S_IFSOCK: return "a socket"
    case S_IFCHR, S_IFBLK: return "a device"
    default: return "something that is no file"
    }
  }
}
