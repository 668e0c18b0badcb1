import Glibc
import SkeinFiles

/// Standard input, standard output and standard error.
enum StandardDescriptors {
  /// Opens those that are closed.
  ///
  /// Otherwise a file that Skein opens could become standard output, and get what is printed. A
  /// closed descriptor stays useless: here standard input cannot be read, and the others cannot be
  /// written.
  static func fill() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { continue }
      // The system gives the lowest free number, which is the missing one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
