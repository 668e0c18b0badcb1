import Glibc
import SkeinFiles

/// The three descriptors that every process begins with.
enum StandardDescriptors {
  /// Fills those that are closed, so that no file of ours becomes standard output and gets what is
  /// printed. They stay as useless as they were: writing to what was opened for reading is refused.
  static func fill() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { continue }
      // The lowest free number is the one that is missing.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
