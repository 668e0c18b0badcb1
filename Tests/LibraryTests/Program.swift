import Foundation
import SkeinTestSupport
import Testing

/// The programs that were built beside the tests.
enum Program {
  /// Runs the program `name` in `folder`, and gives what it wrote to standard output.
  static func run(_ name: String, _ arguments: String..., in folder: String) throws -> String {
    var binaries = Bundle.main.bundleURL
    if binaries.lastPathComponent.hasSuffix(".xctest") { binaries.deleteLastPathComponent() }
    let process = Process()
    let output = try TextFile()
    process.executableURL = binaries.appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output.handle
    try process.run()
    process.end()
    let text = output.text()
    #expect(process.terminationStatus == 0, "\(name) \(arguments): \(text)")
    return text
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
