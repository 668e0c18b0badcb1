import ArgumentParser
import Foundation
import SkeinData
import SkeinTraining

/// `skein data inspect`: what a dataset or an array file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a dataset or a single array file holds.",
    discussion: """
      For a dataset: name, classes, sample shape and type, and per split the samples of each \
      class, the range of values, shards and bytes. For an IDX or NumPy file, as it is or in gzip \
      or zstd: shape, type and range. Everything is read and checked on the way.

      Example:
        skein data inspect Datasets/lines --json
      """)

  @Argument(help: "A dataset folder, or an IDX or NumPy file.", completion: .file())
  var path: String

  @Flag(help: "Print JSON for programs.")
  var json = false

  func run() throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      let summary = try ArraySummary(path: path)
      if json { print(try Self.encode(summary)) } else { printWrapped(summary.text) }
    } else {
      let summary = try DatasetSummary(
        of: DatasetFolder(opening: path), threads: Machine.availableCores)
      if json { print(try Self.encode(summary)) } else { printWrapped(summary.text) }
    }
  }

  private static func encode(_ summary: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }
}
