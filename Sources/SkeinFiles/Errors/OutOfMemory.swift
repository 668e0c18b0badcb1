#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What happens where memory for numbers cannot be had: the last resort behind the memory plan,
/// which says so before anything is allocated.
package enum OutOfMemory {
  /// Says how much was wanted and ends the process with exit code 4, as for a full disk. Swift's
  /// own allocations would end it by a signal. What is saved stays as it is.
  package static func end(bytes: Int) -> Never {
    let text =
      "skein: cannot allocate \((bytes + 1_048_575) / 1_048_576) MiB for tensors: Cannot allocate "
      + "memory; choose a smaller model, batch or file, or raise the limit (ulimit -v)\n"
    _ = text.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
    _exit(4)
  }
}
