import Foundation
import SkeinFiles

/// The right to write into a run's folder. One process at a time has it.
///
/// It is an advisory lock (`flock`) on the file `lock`. The system releases it when its holder
/// ends, in whatever way, so a dead process blocks nobody. The file's text only says who holds the
/// lock.
public final class RunLock: Sendable {
  private let file: Int32

  /// Takes the lock `path` of the run in `folder`, which must exist.
  ///
  /// Some network file systems know no locks. Then no lock is taken, and a second run is not
  /// noticed.
  ///
  /// - Throws: `RunInUseError` where another process or another `RunLock` of this one holds it,
  ///   `FileSystemError`.
  init(_ path: String, folder: String, through calls: FileCalls = .system) throws {
    file = calls.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    guard file >= 0 else { throw FileSystemError("open", path, code: errno) }
    if uninterrupted({ calls.flock(file, LOCK_EX | LOCK_NB) }) != 0 {
      let code = errno
      guard code != EWOULDBLOCK else {
        let holder = Self.read(file)
        close(file)
        throw RunInUseError(
          folder: folder, holder: holder, isThisProcess: holder.hasPrefix(Self.holder + " "))
      }
      calls.notice(.locks, code)
    }
    let text = "\(Self.holder) since \(Date().formatted(.iso8601))\n"
    // The text is only information, so the lock is taken even where a full disk refuses it.
    _ = ftruncate(file, 0)
    _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
  }

  deinit { close(file) }

  /// How the text begins.
  private static let beginning = "process "
  /// This process, as the text names it: a number alone may be another machine's process too.
  private static var holder: String {
    "\(beginning)\(getpid()) on \(ProcessInfo.processInfo.hostName)"
  }

  /// Whether the file at `path` can be a run's lock.
  ///
  /// Its holder writes the text after taking the lock. A holder that was stopped before leaves an
  /// empty file, and a power failure may leave zeros.
  static func isLock(_ path: String) -> Bool {
    guard let bytes = try? WholeFile.prefix(path, beginning.utf8.count) else { return false }
    return bytes.allSatisfy { $0 == 0 } || bytes == Array(beginning.utf8)
  }

  private static func read(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(file, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Another process trains in this run's folder, or another `TrainingRun` of this process does. The
/// command line ends with exit code 8.
public struct RunInUseError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 8 }

  let folder: String
  /// Who holds the lock, and since when; empty where the holder has not written it yet.
  let holder: String
  /// Whether the holder is this process itself.
  let isThisProcess: Bool

  /// Who uses the folder, and what to do, in one line.
  public var description: String {
    let name = folder.printable()
    let known = holder.printable(limit: 300)
    if isThisProcess {
      return "\(name) is in use by this program itself, \(known): let go of the other TrainingRun, "
        + "or choose another folder"
    }
    let who = known.isEmpty ? "another process, which has just begun" : known
    return "\(name) is in use by \(who): wait for it, stop it, or choose another folder (--run)"
  }
}
