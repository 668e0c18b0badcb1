import Foundation
import Testing

@testable import SkeinData
@testable import SkeinFiles

/// Shards of unlike sizes, the larger ones so large that they come in many pieces and are hashed
/// beside the decoding where a core is left.
@Suite(.timeLimit(.minutes(5))) struct ParallelLoadTests {
  private static let counts = [3, 30_000, 1000, 90_000, 20_000]
  private static let elements = {
    // Hardly compressible: files of 18 bytes to 540 KB.
    var state: UInt64 = 1
    return (0..<(6 * counts.reduce(0, +))).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }()

  /// Writes the shards to `path`; each file through `change`, which gets its number.
  private func write(
    to path: String, labelLimit: Int32 = 3, change: (Int, inout [UInt8]) -> Void = { _, _ in }
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var manifest = Sample.manifest
    var start = 0
    for (index, count) in Self.counts.enumerated() {
      let rows = start..<(start + count)
      start += count
      func file(_ number: Int, _ raw: [UInt8]) throws -> Manifest.File {
        let name = "\(number).idx.zst"
        var bytes = Packing.zstd(raw)
        let entry = Manifest.File(
          file: name, bytes: bytes.count, rawBytes: raw.count,
          sha256: SHA256.hexadecimal(of: bytes))
        change(number, &bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return entry
      }
      let elements = Array(Self.elements[(6 * rows.lowerBound)..<(6 * rows.upperBound)])
      let labels = rows.map { UInt8(Int32($0) % labelLimit) }
      let images = try file(2 * index, IDX.encode(elements, shape: [count, 3, 2]))
      manifest.splits["train", default: []].append(
        Manifest.Shard(
          count: count, images: images,
          labels: try file(2 * index + 1, IDX.encode(labels, shape: [count]))))
    }
    try Data(ManifestFile.encode(manifest)).write(to: URL(fileURLWithPath: path + "/dataset.json"))
  }

  /// What loading gives with 1, 2 and 3 threads, on one core and on many; all the same.
  private func load(_ path: String) throws -> (split: Split?, faults: [DataFault]) {
    let folder = try DatasetFolder(opening: path)
    var all: [(split: Split?, faults: [DataFault])] = []
    for threads in 1...3 {
      for cores in [1, 8] {
        var split: Split?
        let found = try faults {
          split = try folder.load("train", threads: threads, checksHashes: true, cores: cores)
        }
        all.append((split, found ?? []))
      }
    }
    for other in all {
      #expect(other.faults == all[0].faults)
      #expect(other.split?.everything().samples == all[0].split?.everything().samples)
      #expect(other.split?.everything().labels == all[0].split?.everything().labels)
    }
    return all[0]
  }

  @Test func theSamplesAreThoseThatWereWritten() throws {
    let scratch = try Scratch()
    try write(to: scratch.path)
    #expect(try scratch.bytes("6.idx.zst").count > 2 * ShardWorkspace.leastHashedBeside)
    let (split, faults) = try load(scratch.path)
    #expect(faults.isEmpty)
    #expect(split?.everything().samples == Self.elements.map(Float.init))
    #expect(split?.everything().labels == (0..<Int32(Self.counts.reduce(0, +))).map { $0 % 3 })
  }

  @Test func damageAnywhereIsAWrongHash() throws {
    for place in [0, 4, 131_071, 131_072, 262_144, 400_000, -5, -1] {
      let scratch = try Scratch()
      try write(to: scratch.path) { number, bytes in
        if number == 6 { bytes[(place + bytes.count) % bytes.count] ^= 0x10 }
      }
      let (split, faults) = try load(scratch.path)
      #expect(split == nil && faults.map(\.file) == [scratch.file("6.idx.zst")], "byte \(place)")
      #expect(faults.first?.expected.hasPrefix("SHA-256") == true, "byte \(place): \(faults)")
      #expect(faults.first?.found == SHA256.hexadecimal(of: try scratch.bytes("6.idx.zst")))
    }
  }

  @Test func everyDamagedFileIsNamedInOrder() throws {
    let scratch = try Scratch()
    try write(to: scratch.path, labelLimit: 4) { number, bytes in
      if [2, 8].contains(number) { bytes[bytes.count / 2] ^= 1 }
      if number == 6 { bytes.removeLast() }
    }
    let (_, faults) = try load(scratch.path)
    // The smallest shard has labels 0, 1 and 2 alone; all others have a 3, which is no class.
    let damaged = [2, 3, 5, 6, 7, 8, 9]
    #expect(faults.map(\.file) == damaged.map { scratch.file("\($0).idx.zst") })
    #expect(faults.filter { $0.found == "3" }.count == 4)
    #expect(faults.filter { $0.expected.hasPrefix("SHA-256") }.count == 2)
    #expect(faults.filter { $0.advice?.hasPrefix("the file was cut short") == true }.count == 1)
  }

  @Test func aLinkIsHashedBeforeItIsDecoded() throws {
    for damaged in [false, true] {
      let (scratch, store) = (try Scratch(), try Scratch())
      try write(to: scratch.path)
      var bytes = try scratch.bytes("6.idx.zst")
      if damaged { bytes[300_000] ^= 1 }
      try store.write(bytes, to: "object")
      try FileManager.default.removeItem(atPath: scratch.file("6.idx.zst"))
      try FileManager.default.createSymbolicLink(
        atPath: scratch.file("6.idx.zst"), withDestinationPath: store.file("object"))
      let (split, faults) = try load(scratch.path)
      #expect((split == nil) == damaged)
      #expect(faults.map(\.found) == (damaged ? ["a symbolic link to another one"] : []))
    }
  }

  /// `verify` reads as `load` does, and keeps nothing.
  @Test func verifyFindsTheSame() throws {
    let scratch = try Scratch()
    try write(to: scratch.path) { number, bytes in
      if number == 2 || number == 6 { bytes[200_000 % bytes.count] ^= 1 }
    }
    let folder = try DatasetFolder(opening: scratch.path)
    for threads in 1...3 {
      let reports = try folder.verify(threads: threads)
      #expect(reports.map(\.file) == (0..<10).map { "\($0).idx.zst" })
      #expect(reports.indices.filter { !reports[$0].faults.isEmpty } == [2, 6])
    }
  }
}
