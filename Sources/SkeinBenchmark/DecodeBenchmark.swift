import Foundation
import SkeinData
import SkeinFiles
import SkeinWorkers

/// Measures how fast a dataset is loaded into memory, and compares it with `zstd -dc` on the same
/// files: n threads with n processes at once, which share the files.
///
/// Skein also makes every check that training makes before its first step: SHA-256, headers and
/// labels. It keeps the samples in memory, while the output of `zstd` is discarded. Both have
/// threads beside those that decode, where the machine has cores left: Skein to hash, `zstd` to
/// read and to write. A first round does not count. It brings the files into the system's cache,
/// where both programs then find them.
public struct DecodeBenchmark {
  /// The measurement of one program with one thread count.
  public struct Row: Codable, Sendable, Equatable {
    /// "skein" or "zstd -dc".
    public var program: String
    /// How many threads decoded; for `zstd`, which has one each, how many processes at once.
    public var threads: Int
    /// Decompressed data, in 10⁶ bytes per second: the median over the repetitions.
    public var megabytesPerSecond: Double
    /// The distance of the quartiles as a share of the median.
    public var spread: Double
  }

  /// The results of the benchmark.
  public struct Report: Codable, Sendable, Equatable {
    /// The dataset's name.
    public var dataset: String
    /// The machine that the benchmark ran on.
    public var machine: BenchmarkMachine
    /// How many shard files were loaded.
    public var files: Int
    /// Bytes of the shard files on disk.
    public var compressedBytes: Int
    /// Bytes of their content, decompressed.
    public var rawBytes: Int
    /// How often each measurement was repeated.
    public var repeats: Int
    /// A row per thread count of Skein, in rising order, then as many for `zstd` where it is
    /// installed.
    public var rows: [Row]
  }

  private let folder: DatasetFolder
  private let repeats: Int
  private let clock: NanosecondClock

  /// A benchmark of all splits in `folder`.
  ///
  /// - Parameters:
  ///   - folder: the dataset.
  ///   - repeats: how often each measurement is repeated.
  ///   - clock: tests bring their own.
  /// - Precondition: `repeats` is positive.
  public init(_ folder: DatasetFolder, repeats: Int = 5, clock: NanosecondClock = .monotonic) {
    require(repeats > 0, "\(repeats) repetitions")
    self.folder = folder
    self.repeats = repeats
    self.clock = clock
  }

  /// Loads all splits with each thread count in turn, and runs `zstd` where it is installed.
  ///
  /// - Parameters:
  ///   - threads: the thread counts, each > 0; a repeated one counts once.
  ///   - report: gets, after each measurement, how many are done, and how many there are.
  /// - Throws: `DataError` with the faults of all splits, or where `zstd` fails; `FileSystemError`
  ///   where a file cannot be read, or `zstd` cannot be started.
  public func run(
    threads: [Int], report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Report {
    let files = folder.manifest.files(of: folder.manifest.splitNames)
    let rawBytes = Manifest.sum(files.map(\.rawBytes))
    let counts = Set(threads).sorted()
    let zstd = Self.program("zstd")
    var times = [[Double]](repeating: [], count: counts.count * (zstd == nil ? 1 : 2))
    for round in 0...repeats {
      for way in times.indices {
        let start = clock.now()
        if way < counts.count {
          // One split is loaded after the other, and none is kept.
          _ = try DataError.gather(folder.manifest.splitNames) {
            _ = try folder.load($0, threads: counts[way])
          }
        } else if let zstd {
          try decompress(files, with: zstd, processes: counts[way - counts.count])
        }
        if round > 0 { times[way].append(Double(max(1, clock.now() - start)) / 1e9) }
        report(round * times.count + way + 1, (repeats + 1) * times.count)
      }
    }
    let rows = times.enumerated().compactMap { way, times in
      Statistics(times.map { Double(rawBytes) / 1e6 / $0 }).map {
        Row(
          program: way < counts.count ? "skein" : "zstd -dc",
          threads: counts[way % counts.count], megabytesPerSecond: $0.median, spread: $0.spread)
      }
    }
    return Report(
      dataset: folder.manifest.name, machine: .current, files: files.count,
      compressedBytes: Manifest.sum(files.map(\.bytes)), rawBytes: rawBytes, repeats: repeats,
      rows: rows)
  }

  /// The path of the program `name`; nil where the variable PATH leads to none.
  private static func program(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Runs `zstd` on `files`, dealt to several processes from the largest to the smallest, until all
  /// have ended, and discards its output.
  ///
  /// It uses `posix_spawn`, because Foundation's `Process` takes some 50 ms to notice that a child
  /// has ended. A small dataset is decoded in less.
  private func decompress(_ files: [Manifest.File], with zstd: URL, processes: Int) throws {
    let paths = files.sorted { $0.bytes > $1.bytes }.map { "\(folder.path)/\($0.file)" }
    let children = try (0..<min(processes, paths.count)).map { first in
      try Self.start(
        zstd,
        ["-dcq", "--"] + stride(from: first, to: paths.count, by: processes).map { paths[$0] })
    }
    for child in children {
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      // A program that gives up early would look fast.
      guard status == 0 else {
        throw DataError(
          DataFault(
            zstd.path, expected: "to decompress what Skein reads", found: "wait status \(status)",
            advice: "mend that program, or take it out of PATH: the measurement does without it"))
      }
    }
  }

  /// Starts `program`, whose output is discarded.
  private static func start(_ program: URL, _ arguments: [String]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var pointers =
      ([program.path] + arguments).map { PathBytes.withName($0) { strdup($0) } } + [nil]
    defer { pointers.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawn(&child, program.path, &actions, nil, &pointers, [nil])
    guard code == 0 else { throw FileSystemError("run", program.path, code: code) }
    return child
  }
}

extension DecodeBenchmark.Report {
  /// The report for a terminal of `width` columns.
  public func text(width: Int) -> String {
    let zstd = rows.filter { $0.program != "skein" }
    let against = rows.map { row in
      zstd.first { $0.threads == row.threads }.map {
        decimals(row.megabytesPerSecond / $0.megabytesPerSecond, 2)
      } ?? "-"
    }
    let table = TextTable([
      ("program", rows.map(\.program)),
      ("threads", rows.map { "\($0.threads)" }),
      ("MB/s", rows.map { decimals($0.megabytesPerSecond, 0) }),
      ("spread", rows.map { percent($0.spread) }),
      ("against zstd", against),
    ])
    let header = [
      "\(dataset.printable()): \(counted(files, "shard file")), "
        + "\(decimals(Double(compressedBytes) / 1e6, 1)) MB that hold "
        + "\(decimals(Double(rawBytes) / 1e6, 1)) MB; \(BenchmarkReport.repetitions(repeats))",
      "\(machine.machine.printable()): \(machine.cpu.printable()), "
        + "\(counted(machine.cores, "core")); \(machine.system.printable())",
    ]
    let notes =
      zstd.isEmpty
      ? ["zstd is not installed: nothing to compare with"]
      : [
        "skein also checks SHA-256, headers and labels, and keeps the samples; zstd keeps nothing, "
          + "and has a process for each thread"
      ]
    return (header + [""] + table.lines(width: width) + [""] + notes)
      .map { $0.wrapped(to: width) + "\n" }.joined()
  }
}
