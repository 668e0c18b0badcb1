import Foundation
import SkeinTestSupport
import Testing

/// A folder like the one that a reader of README and help pages has: datasets, jobs, and the files
/// that examples name.
struct Workbench {
  let path: String

  init(_ path: String) throws {
    self.path = path
    for name in ["Datasets", "Configs"] { try Command.copy(name, to: "\(path)/\(name)") }
    let images = Self.idx([4, 28, 28], (0..<4 * 784).map { UInt8($0 % 256) })
    let labels = Self.idx([4], [0, 1, 2, 3])
    for (folder, prefix) in [("Downloads/mnist", ""), ("EMNIST", "emnist-letters-")] {
      for split in ["train", prefix.isEmpty ? "t10k" : "test"] {
        try write(images, "\(folder)/\(prefix)\(split)-images-idx3-ubyte")
        // Letters count from 1.
        let numbers = prefix.isEmpty ? labels : Self.idx([4], [1, 2, 3, 4])
        try write(numbers, "\(folder)/\(prefix)\(split)-labels-idx1-ubyte")
      }
    }
    try write(images, "t10k-images-idx3-ubyte")
    #expect(try shell("gzip t10k-images-idx3-ubyte").code == 0)
    for name in ["x", "xt"] {
      try write(Self.npy([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]), name + ".npy")
    }
    try write(Self.npy([2], [7, 9]), "prices.npy")
    try Command.copy("Datasets/penguins/penguins.csv", to: "\(path)/penguins.csv")
    let homes = (0..<20).map { "\($0 * 7 % 11),\($0 * 5 % 13).5\n" }.joined()
    try write(Array(("rooms,price\n" + homes).utf8), "homes.csv")
    for name in ["y", "yt"] { try write(Self.npy([2], [0, 1]), name + ".npy") }
  }

  /// Runs a line as a reader types it, with `skein` in the search path.
  func shell(_ line: String) throws -> Outcome {
    let (output, errors) = ("\(path)/.output", "\(path)/.errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "skein=skein; { \(line)\n} >'\(output)' 2>'\(errors)'"]
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    let folder = Command.executable.deletingLastPathComponent().path
    process.environment = [
      "PATH": "\(folder):/usr/local/bin:/usr/bin:/bin", "HOME": path,
      "SWIFT_BACKTRACE": "enable=no",
    ]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.end()
    return Outcome(
      code: process.terminationStatus,
      output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "",
      errors: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  private static func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, UInt8($0)] } + bytes
  }

  private static func npy(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let sizes = shape.map { "\($0), " }.joined()
    let text = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(sizes)), }"
    let header = text + String(repeating: " ", count: 117 - text.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + bytes
  }
}
