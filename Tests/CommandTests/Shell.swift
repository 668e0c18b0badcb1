import Foundation
import SkeinTestSupport

/// What a shell script left.
struct ShellOutcome {
  let code: Int32
  /// Standard output and standard error, as they came.
  let text: String

  /// The words behind `name` of every line that begins with it.
  func lines(_ name: String) -> [[Substring]] {
    text.split(separator: "\n").filter { $0.hasPrefix(name) }
      .map { $0.dropFirst(name.count).split(separator: " ") }
  }
}

extension Command {
  /// Runs a shell script in the repository's folder, with `$SKEIN` the program and `$FOLDER` a
  /// folder for its files: one of its own, removed afterwards, where none is given.
  static func shell(_ script: String, folder: String? = nil, seconds: Int = 60) throws
    -> ShellOutcome
  {
    var result = ShellOutcome(code: -1, text: "")
    func run(_ folder: String) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
      process.arguments = [
        "-k", "1", "\(seconds)", "bash", "-c", "exec 2>&1; ulimit -c 0; \(script)",
      ]
      process.currentDirectoryURL = root
      process.environment = [
        "SKEIN": executable.path, "FOLDER": folder, "HOME": folder,
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "SWIFT_BACKTRACE": "enable=no",
      ]
      process.standardInput = FileHandle.nullDevice
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let text = pipe.fileHandleForReading.readDataToEndOfFile()
      process.end()
      result = ShellOutcome(
        code: process.terminationStatus, text: String(decoding: text, as: UTF8.self))
    }
    if let folder { try run(folder) } else { try withFolder(run) }
    return result
  }
}
