import Foundation
import SkeinData
import SkeinFiles
import SkeinWorkers

/// Measures how fast a dataset comes into memory, against `zstd -dc` on the same files.
///
/// What Skein does includes every check that training makes before its first step (SHA-256, header,
/// labels) and leaves the samples in memory; `zstd` decompresses to nowhere. Both find the files
/// in the system's cache, as a first, uncounted round reads them.
public struct DecodeBenchmark {
  /// One way to decode a dataset.
  public struct Row: Codable, Sendable, Equatable {
    /// "skein" or "zstd -dc".
    public var program: String
    public var threads: Int
    /// 10⁶ decompressed bytes per second: the median, and the quartiles' distance as a share of it.
    public var megabytesPerSecond: Double
    public var spread: Double
  }

  /// What was found.
  public struct Report: Codable, Sendable, Equatable {
    public var dataset: String
    public var machine: BenchmarkMachine
    /// Shard files, their bytes on disk, and what they hold.
    public var files: Int
    public var compressedBytes: Int
    public var rawBytes: Int
    public var repeats: Int
    public var rows: [Row]
  }

  private let folder: DatasetFolder
  private let repeats: Int
  private let clock: Clock

  /// - Precondition: `repeats` is positive.
  public init(_ folder: DatasetFolder, repeats: Int = 5, clock: Clock = .monotonic) {
    precondition(repeats > 0, "\(repeats) repetitions")
    self.folder = folder
    self.repeats = repeats
    self.clock = clock
  }

  /// Loads all splits with each of `threads`, and runs `zstd` where there is one, in turns.
  ///
  /// - Parameter report: gets how many measurements are done, and how many there are, after each.
  /// - Throws: `DataError` with the faults of all splits.
  public func run(
    threads: [Int], report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Report {
    let files = folder.manifest.files(of: folder.manifest.splitNames)
    let rawBytes = Manifest.sum(files.map(\.rawBytes))
    let counts = Set(threads).sorted()
    let zstd = Self.program("zstd")
    var times = [[Double]](repeating: [], count: counts.count + (zstd == nil ? 0 : 1))
    for round in 0...repeats {
      for way in times.indices {
        let start = clock.now()
        if way < counts.count {
          // One split after the other, none of which is kept.
          _ = try DataError.gather(folder.manifest.splitNames) {
            _ = try folder.load($0, threads: counts[way])
          }
        } else if let zstd {
          try Self.decompress(files.map { "\(folder.path)/\($0.file)" }, with: zstd)
        }
        if round > 0 { times[way].append(Double(max(1, clock.now() - start)) / 1e9) }
        report(round * times.count + way + 1, (repeats + 1) * times.count)
      }
    }
    let rows = times.enumerated().compactMap { way, times in
      Statistics(times.map { Double(rawBytes) / 1e6 / $0 }).map {
        Row(
          program: way < counts.count ? "skein" : "zstd -dc",
          threads: way < counts.count ? counts[way] : 1, megabytesPerSecond: $0.median,
          spread: $0.spread)
      }
    }
    return Report(
      dataset: folder.manifest.name, machine: .current, files: files.count,
      compressedBytes: Manifest.sum(files.map(\.bytes)), rawBytes: rawBytes, repeats: repeats,
      rows: rows)
  }

  /// The program's place in the search path; nil where there is none.
  private static func program(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Runs `zstd` to its end, output to nowhere.
  ///
  /// By `posix_spawn`: Foundation's `Process` takes some 50 ms to notice that a child has ended,
  /// more than a small dataset's decoding.
  private static func decompress(_ files: [String], with zstd: URL) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let arguments = [zstd.path, "-dcq", "--"] + files
    var pointers = arguments.map { PathBytes.withName($0) { strdup($0) } } + [nil]
    defer { pointers.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, zstd.path, &actions, nil, &pointers, [nil])
    guard code == 0 else { throw FileSystemError("run", zstd.path, code: code) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    // A program that gave up would look like a fast one.
    guard status == 0 else {
      throw DataError(
        DataFault(
          zstd.path, expected: "to decompress what Skein reads", found: "wait status \(status)",
          advice: "mend that program, or take it out of PATH: the measurement does without it"))
    }
  }
}

extension DecodeBenchmark.Report {
  /// The report for a terminal of `width` columns.
  public func text(width: Int) -> String {
    func decimals(_ value: Double, _ count: Int) -> String {
      String(format: "%.\(count)f", value)
    }
    let zstd = rows.first { $0.program != "skein" }?.megabytesPerSecond
    let table = TextTable([
      ("program", rows.map(\.program)),
      ("threads", rows.map { "\($0.threads)" }),
      ("MB/s", rows.map { decimals($0.megabytesPerSecond, 0) }),
      ("spread", rows.map { decimals(100 * $0.spread, 1) + " %" }),
      (
        "against zstd",
        rows.map { row in zstd.map { decimals(row.megabytesPerSecond / $0, 2) } ?? "-" }
      ),
    ])
    let header = [
      "\(dataset.printable()): \(counted(files, "shard file")), "
        + "\(decimals(Double(compressedBytes) / 1e6, 1)) MB that hold "
        + "\(decimals(Double(rawBytes) / 1e6, 1)) MB; \(BenchmarkReport.repetitions(repeats))",
      "\(machine.machine.printable()): \(machine.cpu.printable()), "
        + "\(counted(machine.cores, "core")); \(machine.system.printable())",
    ]
    let notes =
      zstd == nil
      ? ["zstd is not installed: nothing to compare with"]
      : ["skein also checks SHA-256, headers and labels, and keeps the samples; zstd keeps nothing"]
    return (header + [""] + table.lines(width: width) + [""] + notes)
      .map { $0.wrapped(to: width) + "\n" }.joined()
  }
}
