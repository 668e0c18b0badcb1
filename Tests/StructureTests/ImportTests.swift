import Foundation
import Testing

/// The import table of `Sources/README.md`, checked against the sources.
@Suite struct ImportTests {
  /// What each target may import of the package and of what it wraps.
  static let allowed: [String: Set<String>] = [
    "SkeinRandom": [],
    "SkeinData": ["CZstd", "CZlib", "CKernels", "SkeinRandom", "Crypto"],
    "SkeinAutograd": ["COneDNN", "CKernels"],
    "SkeinModel": ["SkeinAutograd", "SkeinRandom"],
    "SkeinTraining": ["SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "Crypto"],
    "SkeinBenchmark": [
      "CFMAPeak", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinTraining",
      "SkeinReport",
    ],
    "SkeinConfig": [
      "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinTraining", "Yams",
    ],
    "SkeinReport": ["SwiftProtobuf"],
    "Skein": ["SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinTraining"],
    "skein": [
      "CMemory",
      "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinTraining", "SkeinConfig",
      "SkeinReport", "SkeinBenchmark", "ArgumentParser",
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
        let threads = target == "SkeinTraining" || target == "skein" || file.contains("Load")
        #expect(
          allowed.contains(name) || Self.system.contains(name)
            || (threads && Self.threading.contains(name)),
          "\(target)/\(file) imports \(name)")
      }
    }
  }
}
