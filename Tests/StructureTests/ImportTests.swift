import Foundation
import Testing

/// The import table of `Sources/README.md`, checked against the sources.
@Suite struct ImportTests {
  /// What each target may import of the package and of what it wraps.
  static let allowed: [String: Set<String>] = [
    "SkeinFiles": [],
    "SkeinKernels": ["COneDNN", "CKernels", "SkeinFiles"],
    "SkeinRandom": [],
    "SkeinData": ["CZstd", "CZlib", "SkeinFiles", "SkeinKernels", "SkeinRandom", "Crypto"],
    "SkeinAutograd": ["SkeinFiles", "SkeinKernels"],
    "SkeinModel": ["SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd"],
    "SkeinWorkers": ["SkeinFiles", "SkeinKernels"],
    "SkeinRecord": [],
    "SkeinTraining": [
      "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
      "SkeinWorkers", "SkeinRecord", "Crypto",
    ],
    "SkeinConfig": [
      "SkeinFiles", "SkeinData", "SkeinModel", "SkeinWorkers", "SkeinTraining", "Yams",
    ],
    "SkeinSafetensors": ["SkeinFiles", "Crypto"],
    "SkeinReport": ["SkeinRecord", "SwiftProtobuf"],
    "SkeinRun": [
      "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
      "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors", "SkeinRecord",
      "SkeinReport",
      "Crypto",
    ],
    "SkeinBenchmark": [
      "CFMAPeak", "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd",
      "SkeinModel", "SkeinWorkers", "SkeinTraining", "SkeinRecord", "SkeinReport", "SkeinRun",
    ],
    "Skein": [
      "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinWorkers",
      "SkeinRecord", "SkeinTraining", "SkeinConfig", "SkeinRun",
    ],
    "skein": [
      "CMemory", "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd",
      "SkeinModel", "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors",
      "SkeinRecord", "SkeinReport", "SkeinRun", "SkeinBenchmark", "ArgumentParser",
    ],
  ]
  static let system: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Darwin"]
  /// Threads and locks live in the trainer, and where shard files decode in parallel.
  static let threading: Set<String> = ["Dispatch", "Synchronization"]

  static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")

  @Test(arguments: allowed.keys.sorted())
  func aTargetImportsOnlyWhatStandsAboveIt(target: String) throws {
    let allowed = try #require(Self.allowed[target])
    let files = try FileManager.default.subpathsOfDirectory(
      atPath: Self.sources.appendingPathComponent(target).path
    ).filter { $0.hasSuffix(".swift") }
    #expect(!files.isEmpty)
    for file in files {
      let text = try String(
        contentsOf: Self.sources.appendingPathComponent("\(target)/\(file)"), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at < 2, at + 1 < words.count else {
          continue
        }
        guard at == 0 || words[0].hasPrefix("@") else { continue }
        let name = String(words[at + 1])
        let threads =
          ["SkeinWorkers", "SkeinTraining", "SkeinRun", "SkeinBenchmark", "skein"].contains(target)
          || file.contains("Load")
        #expect(
          allowed.contains(name) || Self.system.contains(name)
            || (threads && Self.threading.contains(name)),
          "\(target)/\(file) imports \(name)")
      }
    }
  }
}
