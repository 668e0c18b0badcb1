import Foundation
import SkeinTestSupport
import Testing

/// The programs that were built beside the tests.
enum Program {
  /// How a program ended, and what it wrote.
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
  }

  /// Runs the program `name` in `folder`, and gives what it wrote to standard output.
  static func run(_ name: String, _ arguments: String..., in folder: String) throws -> String {
    let outcome = try outcome(name, arguments, in: folder)
    #expect(outcome.code == 0, "\(name) \(arguments): \(outcome.output)\(outcome.errors)")
    return outcome.output
  }

  /// Runs the program `name` in `folder`, however it ends.
  static func outcome(
    _ name: String, _ arguments: [String], in folder: String
  ) throws -> Outcome {
    var binaries = Bundle.main.bundleURL
    if binaries.lastPathComponent.hasSuffix(".xctest") { binaries.deleteLastPathComponent() }
    let process = Process()
    let (output, errors) = (try TextFile(), try TextFile())
    process.executableURL = binaries.appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output.handle
    process.standardError = errors.handle
    try process.run()
    process.end()
    return Outcome(code: process.terminationStatus, output: output.text(), errors: errors.text())
  }

  /// Calls `body` with the path of a folder that has the repository's Configs and Datasets.
  static func withFolder(_ body: (String) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      for name in ["Configs", "Datasets"] {
        try FileManager.default.createSymbolicLink(
          at: URL(fileURLWithPath: folder).appendingPathComponent(name),
          withDestinationURL: Repository.root.appendingPathComponent(name))
      }
      try body(folder)
    }
  }
}
