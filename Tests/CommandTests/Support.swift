import CZstd
import Foundation
import SkeinTestSupport
import Testing

/// What a run of the command line left: exit code and texts.
struct Outcome {
  let code: Int32
  let output: String
  let errors: String

  /// The output with a space for every line break: where texts wrap does not matter then.
  var words: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") + " " }
}

enum Command {
  static let root = Repository.root

  /// The `skein` that was built beside the tests.
  static let executable: URL = {
    var folder = Bundle.main.bundleURL
    if folder.lastPathComponent.hasSuffix(".xctest") { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("skein")
  }()

  /// Runs `skein` in the repository's folder.
  static func skein(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// Runs `skein` in the repository's folder.
  static func run(_ arguments: [String]) throws -> Outcome {
    let child = try start(arguments)
    let outcome = try child.wait()
    #expect(child.endedByItself, "\(arguments) ended by a signal")
    return outcome
  }

  /// The bytes of a shard file, by the zstd command's own library.
  static func unpack(_ path: String) throws -> [UInt8] {
    let compressed = try Data(contentsOf: root.appendingPathComponent(path))
    return compressed.withUnsafeBytes { source in
      let size = Int(ZSTD_getFrameContentSize(source.baseAddress, source.count))
      return [UInt8](unsafeUninitializedCapacity: size) { target, count in
        count = ZSTD_decompress(target.baseAddress, size, source.baseAddress, source.count)
      }
    }
  }

  /// Starts `skein` in the repository's folder.
  static func start(_ arguments: [String]) throws -> Child { try Child(arguments) }

  /// Copies a file or a folder. Unlike Foundation it leaves the owner, who may be another user.
  static func copy(_ path: String, to target: String) throws {
    let copied = try Child(["-r", path, target], executable: "/bin/cp").wait()
    #expect(copied.code == 0, "\(copied.errors)")
  }

  /// Calls `body` with the path of an empty folder, removed afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    try TemporaryFolder.with(body)
  }
}

/// A `skein` that runs.
final class Child {
  private let process = Process()
  private let output: TextFile
  private let errors: TextFile
  private let arguments: [String]

  /// - Parameters:
  ///   - executable: a shell, where it is to start `skein`.
  ///   - stream: where standard output goes instead of a file.
  init(
    _ arguments: [String], executable: String? = nil, output stream: FileHandle? = nil
  ) throws {
    self.arguments = arguments
    (output, errors) = (try TextFile(), try TextFile())
    process.executableURL = executable.map { URL(fileURLWithPath: $0) } ?? Command.executable
    process.arguments = arguments
    process.currentDirectoryURL = Command.root
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "HOME": "/tmp", "PATH": "/usr/bin:/bin"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = stream ?? output.handle
    process.standardError = errors.handle
    // A child inherits its starter's signal mask, and Dispatch's threads block all signals.
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// What it has written to standard error so far.
  var errorsSoFar: String { errors.textSoFar }

  /// Ends it by a signal, whatever it is at.
  func end() { kill(process.processIdentifier, SIGKILL) }

  var identifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  var endedByItself: Bool { process.terminationReason == .exit }

  /// Sends a signal after so many seconds. Whether the process was still there.
  func signal(_ number: Int32, after seconds: Double) -> Bool {
    usleep(UInt32(seconds * 1e6))
    return kill(process.processIdentifier, number) == 0
  }

  /// What it left; the code is the signal's number where a signal ended it. SIGKILL ends what lasts
  /// longer than so many seconds.
  func wait(atMost seconds: Double = 600) throws -> Outcome {
    process.end(atMost: seconds)
    return Outcome(
      code: process.terminationStatus, output: output.text(), errors: errors.text())
  }
}

/// Waits a minute at most until there is a file at `path`.
func waitForFile(_ path: String) {
  let isThere = waitUntil { FileManager.default.fileExists(atPath: path) }
  #expect(isThere, "no \(path) within a minute")
}
