import Foundation
import SkeinTestSupport
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
    "SkeinTraining": [
      "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
      "SkeinWorkers", "Crypto",
    ],
    "SkeinConfig": [
      "SkeinFiles", "SkeinData", "SkeinModel", "SkeinWorkers", "SkeinTraining", "Yams",
    ],
    "SkeinSafetensors": ["SkeinFiles", "Crypto"],
    "SkeinReport": ["SwiftProtobuf"],
    "SkeinRun": [
      "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel",
      "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors", "SkeinReport", "Crypto",
    ],
    "SkeinBenchmark": [
      "CFMAPeak", "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd",
      "SkeinModel", "SkeinWorkers", "SkeinTraining", "SkeinReport", "SkeinRun",
    ],
    "Skein": [
      "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd", "SkeinModel", "SkeinWorkers",
      "SkeinTraining", "SkeinConfig", "SkeinRun",
    ],
    "skein": [
      "CMemory", "SkeinFiles", "SkeinKernels", "SkeinRandom", "SkeinData", "SkeinAutograd",
      "SkeinModel", "SkeinWorkers", "SkeinTraining", "SkeinConfig", "SkeinSafetensors",
      "SkeinReport", "SkeinRun", "SkeinBenchmark", "ArgumentParser",
    ],
  ]
  static let system: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Darwin"]
  /// Threads and locks live in the trainer, and where shard files decode in parallel.
  static let threading: Set<String> = ["Dispatch", "Synchronization"]
  static let decoders: Set<String> = ["SkeinData/Dataset/DatasetFolder+Load.swift"]
  static let accessLevels: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]

  static let sources = Repository.root.appendingPathComponent("Sources")

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
        guard at == 0 || words[0].hasPrefix("@") || Self.accessLevels.contains(words[0]) else {
          continue
        }
        let name = String(words[at + 1])
        let threads =
          ["SkeinWorkers", "SkeinTraining", "SkeinRun", "SkeinBenchmark", "skein"].contains(target)
          || Self.decoders.contains("\(target)/\(file)")
        #expect(
          allowed.contains(name) || Self.system.contains(name)
            || (threads && Self.threading.contains(name)),
          "\(target)/\(file) imports \(name)")
      }
    }
  }

  /// The README's table says what is allowed here.
  @Test func theReadmeSaysTheSame() throws {
    let text = try String(
      contentsOf: Self.sources.appendingPathComponent("README.md"), encoding: .utf8)
    var table: [String: Set<String>] = [:]
    for row in text.matches(of: /\n\| (`[^|]*`) \|[^|]*\| ([^|]*) \|/) {
      let imports = row.2 == "–" ? [] : row.2.split(separator: ", ").map(String.init)
      for name in row.1.matches(of: /`([^`]+)`/) { table[String(name.1)] = Set(imports) }
    }
    for (target, allowed) in Self.allowed {
      #expect(table[target] == allowed, "\(target)")
    }
    #expect(Set(table.keys).isSuperset(of: Self.allowed.keys))
  }

  /// So do the dependencies in Package.swift.
  @Test func thePackageSaysTheSame() throws {
    let text = try String(
      contentsOf: Repository.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    var found: Set<String> = []
    for part in text.split(separator: "\n    .") {
      let name = part.firstMatch(of: /^(?:target|executableTarget)\(\s*name: "(\w+)"/)?.1
      let target = name.map(String.init) ?? ""
      guard let allowed = Self.allowed[target] else { continue }
      found.insert(target)
      let list = part.firstMatch(of: /dependencies: \[((?s:.*?))\](?:,|\))/)?.1 ?? ""
      var names: Set<String> = []
      for name in list.matches(of: /\.product\(name: "(\w+)"|"([A-Z]\w+)"/) {
        if let name = name.1 ?? name.2 { names.insert(String(name)) }
      }
      #expect(names == allowed, "\(target)")
    }
    #expect(found == Set(Self.allowed.keys))
  }
}
