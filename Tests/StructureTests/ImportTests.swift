import Foundation
import SkeinTestSupport
import Testing

/// The table of targets in `Sources/README.md`: what `Package.swift` says, what the files import,
/// and no target above one that it uses.
@Suite struct ImportTests {
  static let sources = Repository.root.appendingPathComponent("Sources")

  static let system: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Darwin"]
  /// Threads and locks live in the workers, and in the files that work beside them.
  static let threading: Set<String> = ["Dispatch", "Synchronization"]
  static let threaded: Set<String> = [
    "SkeinData/Dataset/ShardThreads.swift", "SkeinData/Writing/AheadStream.swift",
    "SkeinTraining/Step/ReduceAndUpdate.swift",
    "SkeinRun/Folder/RunFolder.swift", "SkeinRun/Observers/BackgroundWriter.swift",
    "SkeinBenchmark/TimedSource.swift", "skein/Run/ReportingScheduler.swift",
    "skein/Screen/Interruption.swift", "skein/Screen/LiveLine.swift",
    "skein/Screen/Progress.swift", "skein/Screen/TextStream.swift",
  ]

  /// A row of the table: the targets that it is about, and what they import.
  struct Row {
    let targets: [String]
    let imports: Set<String>
  }

  static func table() throws -> [Row] {
    let text = try String(
      contentsOf: sources.appendingPathComponent("README.md"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("| target | holds | imports |") })
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return Row(
        targets: cells[0].matches(of: /`(\w+)`/).map { String($0.1) },
        imports: Set(cells[2].matches(of: /\w+/).map { String($0.output) }))
    }
  }

  @Test func theTableIsInTheOrderOfTheDataFlow() throws {
    var above: Set<String> = []
    for row in try Self.table() {
      // What stands nowhere in the table is a package's product.
      let later = row.imports.subtracting(above).filter {
        FileManager.default.fileExists(atPath: Self.sources.appendingPathComponent($0).path)
      }
      #expect(later.isEmpty, "\(row.targets) imports \(later), which stand below it")
      above.formUnion(row.targets)
    }
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
      .filter { $0 != "README.md" }
    #expect(above == Set(folders))
  }

  @Test func thePackageSaysTheSame() throws {
    let package = try String(
      contentsOf: Repository.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let pattern =
      #/\.(?:target|executableTarget)\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/#
    var found: [String: Set<String>] = [:]
    for match in package.matches(of: pattern) {
      let text = String(match.2 ?? "").replacing(/, package: "[^"]*"/, with: "")
      found[String(match.1)] = Set(text.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
    for row in try Self.table() {
      for target in row.targets {
        // Module maps of system libraries have no dependencies.
        guard let dependencies = found[target] else {
          #expect(row.imports.isEmpty, "\(target)")
          continue
        }
        #expect(dependencies == row.imports, "\(target)")
      }
    }
  }

  @Test func targetsImportWhatTheTableSays() throws {
    var threaded: Set<String> = []
    for row in try Self.table() {
      for target in row.targets {
        let files = try FileManager.default.subpathsOfDirectory(
          atPath: Self.sources.appendingPathComponent(target).path
        ).filter { $0.hasSuffix(".swift") }
        var used: Set<String> = []
        for file in files {
          let path = "\(target)/\(file)"
          let text = try String(
            contentsOf: Self.sources.appendingPathComponent(path), encoding: .utf8)
          let imports = Self.imports(text)
          used.formUnion(imports)
          let strange = imports.subtracting(row.imports).subtracting(Self.system)
            .subtracting(Self.threading)
          #expect(strange.isEmpty, "\(path) imports \(strange)")
          if target != "SkeinWorkers", !imports.isDisjoint(with: Self.threading) {
            threaded.insert(path)
          }
        }
        guard !files.isEmpty else { continue }
        // Linked, and not imported: it takes the place of the system's malloc.
        let unused = row.imports.subtracting(used).subtracting(["CMemory"])
        #expect(unused.isEmpty, "\(target) does not use \(unused)")
      }
    }
    #expect(threaded == Self.threaded)
  }

  /// `import X`, `public import X`, `@testable import struct X.Y` and the like.
  static func imports(_ text: String) -> Set<String> {
    let pattern =
      #/
        ^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)?import\s+
        (?:(?:class|struct|enum|protocol|func|var|let|typealias)\s+)?(\w+)
      /#.anchorsMatchLineEndings()
    return Set(text.matches(of: pattern).map { String($0.1) })
  }

  @Test(arguments: [
    "import X", "public import X", "@testable import X", "@_exported import X",
    "@_spi(Tests) internal import struct X.Y", "  import func X.f",
  ])
  func importsAreSeen(line: String) {
    #expect(Self.imports("import Foundation\n\(line)\n// import Z\n") == ["Foundation", "X"])
  }
}
