import Foundation
import SkeinFiles
import SkeinTestSupport
import Testing

/// `data pack` and `data import` that are stopped, killed, or find no room.
@Suite struct PackingTests {
  /// A named pipe that a pack reads its samples from, so that a test decides how far it comes.
  private final class Feed {
    let path: String
    private let handle: FileHandle

    /// Opens for reading too: then neither side waits for the other.
    init(_ path: String) throws {
      self.path = path
      #expect(mkfifo(path, 0o600) == 0)
      handle = try #require(FileHandle(forUpdatingAtPath: path))
    }

    /// Ends the samples: a pipe is read to its end.
    func close() throws { try handle.close() }

    func write(_ bytes: [UInt8]) throws { try handle.write(contentsOf: Data(bytes)) }
  }

  /// An IDX file's first bytes: `shape`, of bytes.
  private static func header(_ shape: [Int]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)]
      + shape.flatMap {
        [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)]
      }
  }

  private static func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// 40 samples of 6 bytes, and their labels.
  private static let samples = (0..<240).map { UInt8($0) }
  private static let labels = (0..<40).map { UInt8($0 % 4) }

  private static func contents(_ folder: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))
      })
  }

  /// Starts a pack of 10 samples a shard into `out`, and returns once its second shard lacks
  /// samples.
  private static func startInMiddle(
    _ folder: String, _ out: String, _ more: [String]
  ) throws -> (Child, Feed) {
    let feed = try Feed("\(folder)/pipe-\(UUID().uuidString)")
    try write(header([40]) + labels, folder + "/labels")
    let before = Set((try? FileManager.default.contentsOfDirectory(atPath: out)) ?? [])
    let child = try Command.start(
      [
        "data", "pack", out, "--images", feed.path, "--labels", folder + "/labels",
        "--shard-samples", "10",
      ] + more)
    try feed.write(header([40, 2, 3]) + samples[..<90])
    func isFirstThere() -> Bool {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []
      return names.contains { !before.contains($0) && $0.contains(/^\.[a-z]+-000-labels/) }
    }
    let isThere = waitUntil(isFirstThere)
    #expect(isThere, "no shard within a minute")
    return (child, feed)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU])
  func aSignalLeavesNothingBehind(number: Int32) throws {
    try Command.withFolder { folder in
      let out = folder + "/out"
      let (child, feed) = try Self.startInMiddle(folder, out, [])
      #expect(child.signal(number, after: 0))
      let outcome = try child.wait(atMost: 30)
      #expect(outcome.code == 128 + number && child.endedByItself, "\(outcome)")
      #expect(outcome.errors.contains("nothing was written"), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: out))
      withExtendedLifetime(feed) {}
    }
  }

  /// Whether the same split is replaced or another one added, the old dataset stays to the byte.
  @Test(arguments: [["--force"], ["--split", "test"], ["--split", "train", "--force"]])
  func aSignalLeavesTheOldDatasetAsItWas(options: [String]) throws {
    try Command.withFolder { folder in
      let out = folder + "/out"
      try Self.write(Self.header([40, 2, 3]) + Self.samples, folder + "/old")
      try Self.write(Self.header([40]) + Self.labels, folder + "/old-labels")
      let packed = try Command.skein(
        "data", "pack", out, "--images", folder + "/old", "--labels", folder + "/old-labels")
      #expect(packed.code == 0, "\(packed.errors)")
      let before = try Self.contents(out)
      let (child, feed) = try Self.startInMiddle(folder, out, options)
      #expect(child.signal(SIGTERM, after: 0))
      let outcome = try child.wait(atMost: 30)
      #expect(outcome.code == 143, "\(outcome)")
      #expect(try Self.contents(out) == before)
      withExtendedLifetime(feed) {}
    }
  }

  /// What a killed pack left does the next one no harm, and its temporary files go.
  @Test func aKilledPackIsBegunAnew() throws {
    try Command.withFolder { folder in
      let out = folder + "/out"
      let (child, feed) = try Self.startInMiddle(folder, out, [])
      let dead = child.identifier
      #expect(child.signal(SIGKILL, after: 0))
      #expect(try child.wait().code == SIGKILL)
      withExtendedLifetime(feed) {}
      let temporary = "\(out)/.train-001-images.idx.zst.tmp-\(dead)-1f"
      try Self.write([1, 2, 3], temporary)
      try Self.write(Self.header([40, 2, 3]) + Self.samples, folder + "/images")
      let again = try Command.skein(
        "data", "pack", out, "--images", folder + "/images", "--labels", folder + "/labels",
        "--shard-samples", "10")
      #expect(again.code == 0, "\(again.errors)")
      #expect(!FileManager.default.fileExists(atPath: temporary))
      // Neither half of a file nor a whole one is left of the first.
      let names = try FileManager.default.contentsOfDirectory(atPath: out)
      #expect(names.count == 9 && !names.contains { $0.hasPrefix(".") }, "\(names)")
      let verified = try Command.skein("data", "verify", out)
      #expect(verified.code == 0, "\(verified.errors)")
      // One that is asked to replace the dataset leaves no more files than one.
      let shown = try Command.skein("data", "inspect", out)
      #expect(shown.code == 0 && shown.output.contains("40"), "\(shown.output)")
    }
  }

  /// A file-size limit stands for a full disk here: the write fails in the same place.
  @Test(arguments: ["pack", "import"])
  func withoutRoomNothingIsLeft(command: String) throws {
    try Command.withFolder { folder in
      var random = SystemRandomNumberGenerator()
      // The first shard file is small, and the second one is not.
      let images =
        [UInt8](repeating: 0, count: 50 * 784)
        + (0..<50 * 784).map { _ in UInt8.random(in: 0...255, using: &random) }
      try Self.write(Self.header([100, 28, 28]) + images, folder + "/train-images-idx3-ubyte")
      try Self.write(
        Self.header([100]) + (0..<100).map { $0 % 10 }, folder + "/train-labels-idx1-ubyte")
      let words =
        command == "import"
        ? "import \"$1\" \"$1/out\""
        : "pack \"$1/out\" --images \"$1/train-images-idx3-ubyte\" --labels "
          + "\"$1/train-labels-idx1-ubyte\""
      let before = try Self.contents(folder)
      let child = try Child(
        [
          "-c", "ulimit -f 16; exec \"$0\" data \(words) --shard-samples 50",
          Command.executable.path, folder,
        ],
        executable: "/bin/bash")
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 4 && outcome.errors.contains("File too large"), "\(outcome)")
      #expect(try Self.contents(folder) == before)
    }
  }

  /// Whether this user may mount a small disk.
  private static let mounts: Bool = {
    let child = try? Child(
      ["-c", "unshare -m mount -t tmpfs -o size=64k none /mnt"], executable: "/bin/bash")
    return (try? child?.wait().code) == 0
  }()

  @Test(.enabled(if: mounts, "needs the right to mount a disk"))
  func aFullDiskLeavesTheOldDatasetAsItWas() throws {
    try Command.withFolder { folder in
      var random = SystemRandomNumberGenerator()
      let images = (0..<400 * 784).map { _ in UInt8.random(in: 0...255, using: &random) }
      try Self.write(Self.header([400, 28, 28]) + images, folder + "/images")
      try Self.write(Self.header([400]) + (0..<400).map { UInt8($0 % 10) }, folder + "/labels")
      try FileManager.default.createDirectory(
        atPath: folder + "/disk", withIntermediateDirectories: false)
      let script = """
        exec 2>&1; mount -t tmpfs -o size=900k none "$1/disk" && cp -r Datasets/digits "$1/disk/set"
        find "$1/disk" -type f | sort | xargs sha256sum > "$1/before"
        "$0" data pack "$1/disk/set" --force --shard-samples 50 \
          --images "$1/images" --labels "$1/labels"
        echo "code $?"
        find "$1/disk" -type f | sort | xargs sha256sum | cmp - "$1/before" && echo same
        """
      let child = try Child(
        ["-m", "bash", "-c", script, Command.executable.path, folder],
        executable: "/usr/bin/unshare")
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.output.contains("No space left on device"), "\(outcome)")
      #expect(outcome.output.contains("code 4\nsame\n"), "\(outcome)")
    }
  }

  @Test func samplesThatAreNoNumbersAreTold() throws {
    try Command.withFolder { folder in
      var values = [Float](repeating: 0.5, count: 12)
      values[5] = .nan
      values[10] = -.infinity
      values[11] = .nan
      let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.bigEndian) { Array($0) } }
      try Self.write([0, 0, 13, 2, 0, 0, 0, 6, 0, 0, 0, 2] + bytes, folder + "/images")
      try Self.write(Self.header([6]) + [0, 1, 0, 1, 0, 1], folder + "/labels")
      let pack = [
        "data", "pack", folder + "/out", "--images", folder + "/images", "--labels",
        folder + "/labels",
      ]
      let found = "3 NaN or infinite numbers in 2 samples, of which the first is sample 2"
      let refused = try Command.run(pack)
      #expect(refused.code == 3 && refused.errors.contains(found), "\(refused.errors)")
      #expect(refused.errors.contains("--allow-nan"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      let allowed = try Command.run(pack + ["--allow-nan"])
      #expect(allowed.code == 0 && allowed.errors.contains(found), "\(allowed.errors)")
      #expect(try Command.skein("data", "verify", folder + "/out").code == 0)
    }
  }

  /// After two seconds whoever waits reads how far it has come.
  @Test func aLongPackTellsHowFarItIs() throws {
    try Command.withFolder { folder in
      let (child, feed) = try Self.startInMiddle(folder, folder + "/out", [])
      usleep(2_200_000)
      try feed.write(Array(Self.samples[90...]))
      try feed.close()
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let line = try #require(
        outcome.errors.firstMatch(of: /skein: packing: ([0-9]+) %, about [0-9:]+ left\n/),
        "\(outcome.errors)")
      #expect((25...99).contains(Int(line.1) ?? 0), "\(line.0)")
    }
  }
}
