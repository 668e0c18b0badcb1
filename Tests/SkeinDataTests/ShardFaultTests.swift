import Foundation
import Testing

@testable import SkeinData
@testable import SkeinFiles

@Suite struct ShardFaultTests {
  @Test func theHandMadeDatasetIsSound() throws {
    #expect(try HandMade().faults() == nil)
  }

  @Test func everyPrefixIsRefusedAndNamed() throws {
    for hashes in [true, false] {
      let sound = HandMade()
      for length in 0..<sound.images.count {
        var cut = HandMade()
        cut.images = Array(sound.images[..<length])
        if !hashes || length == 0 {
          cut.edit = { $0.splits["train"]?[0].images.bytes = max(1, length) }
        }
        let faults = try cut.faults(checksHashes: hashes)
        #expect(faults?.contains { $0.file.contains("i.idx.zst") } == true, "\(length) bytes")
      }
    }
  }

  @Test func everyFlippedBitIsRefused() throws {
    let scratch = try Scratch()
    try Sample.dataset(at: scratch.path, count: 4)
    let folder = try DatasetFolder(opening: scratch.path)
    let expected = try folder.load("train", threads: 1).everything()
    for name in ["train-000-images.idx.zst", "train-000-labels.idx.zst"] {
      let bytes = try scratch.bytes(name)
      for bit in 0..<(bytes.count * 8) {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        try scratch.write(flipped, to: name)
        let hashed = try faults { _ = try folder.load("train", threads: 1) }
        #expect(hashed?.first?.expected.hasPrefix("SHA-256") == true, "\(name) bit \(bit)")
        // Without the hash the decoder sees the damage itself: an error, or the same samples.
        _ = try faults {
          let split = try folder.load("train", threads: 1, checksHashes: false)
          #expect(split.everything() == expected, "\(name) bit \(bit)")
        }
      }
      try scratch.write(bytes, to: name)
    }
  }

  @Test func wrongFilesWithRightHashesAreRefused() throws {
    let raw = IDX.encode(Sample.elements(4), shape: [4, 3, 2])
    let table: [(name: String, file: [UInt8], found: String)] = [
      ("not compressed", raw, "the bytes 00 00 08"),
      ("gzip", Packing.gzip(raw), "gzip data"),
      ("HTML", Array("<html><body>404".utf8), "an HTML page"),
      ("no checksum", Packing.zstd(raw, checksum: false), "none"),
      ("no content size", Packing.zstd(raw, contentSize: false), "no readable size"),
      ("more than promised", Packing.zstd(raw + [1]), "41 bytes"),
      ("less than promised", Packing.zstd(Array(raw.dropLast())), "39 bytes"),
      ("two frames", Packing.zstd(raw) + Packing.zstd(raw), "zstd data"),
      ("trailing byte", Packing.zstd(raw) + [0], "the bytes 00"),
      ("other type", Packing.zstd([0, 0, 9] + raw[3...]), "4 × 3 × 2 int8"),
      ("other rank", Packing.zstd([0, 0, 8, 2] + raw[4...]), "4 × 3 uint8"),
      (
        "other shape", Packing.zstd(IDX.encode(Sample.elements(4), shape: [4, 2, 3])),
        "4 × 2 × 3 uint8"
      ),
      (
        "bomb", Packing.zstd([UInt8](repeating: 0, count: 32 << 20)), "33554432 bytes"
      ),
    ]
    for (name, file, found) in table {
      var wrong = HandMade()
      wrong.images = file
      let faults = try wrong.faults()
      #expect(faults?.first?.found.contains(found) == true, "\(name): \(faults as Any)")
    }
  }

  @Test func dimensionsInAShardAreNeverTrusted() throws {
    let sizes: [UInt32] = [0, 1, 1 << 16, (1 << 31) - 1, 1 << 31, .max]
    for first in sizes {
      for second in sizes {
        var raw: [UInt8] = [0, 0, 8, 3]
        for size in [first, second, 2] {
          withUnsafeBytes(of: size.bigEndian) { raw += Array($0) }
        }
        var wrong = HandMade()
        wrong.images = Packing.zstd(raw + [UInt8](repeating: 0, count: 24))
        #expect(try wrong.faults() != nil, "\(first) × \(second)")
      }
    }
  }

  @Test func labelsBeyondTheClassesAreRefused() throws {
    for label: UInt8 in [0, 2, 3, 4, 255] {
      var wrong = HandMade()
      wrong.labelFile = Packing.zstd(IDX.encode([0, 1, label, 2] as [UInt8], shape: [4]))
      let faults = try wrong.faults()
      #expect((faults == nil) == (label < 3), "label \(label)")
      if let faults {
        #expect(
          faults[0].place == "label of sample 2, counted from 0" && faults[0].found == "\(label)")
      }
    }
    var negative = HandMade()
    negative.labelFile = Packing.zstd(IDX.encode([0, 1, -1, 2] as [Int8], shape: [4]))
    #expect(try negative.faults()?.first?.found == "-1")
    var floats = HandMade()
    floats.labelFile = Packing.zstd(IDX.encode([0, 1, 1, 2] as [Float], shape: [4]))
    floats.edit = { $0.splits["train"]?[0].labels?.rawBytes = 24 }
    #expect(try floats.faults()?.first?.found == "4 float32")
    var wide = HandMade()
    wide.labelFile = Packing.zstd(IDX.encode([0, 1, 1, 2] as [Int32], shape: [4]))
    wide.edit = { $0.splits["train"]?[0].labels?.rawBytes = 24 }
    #expect(try wide.faults() == nil)
  }

  @Test func allFaultsOfAllShardsAreListed() throws {
    let scratch = try Scratch()
    try Sample.dataset(at: scratch.path, count: 12, perShard: 3)
    var bytes = try scratch.bytes("train-001-images.idx.zst")
    bytes[20] ^= 1
    try scratch.write(bytes, to: "train-001-images.idx.zst")
    try FileManager.default.removeItem(atPath: scratch.file("train-002-labels.idx.zst"))
    try scratch.write([], to: "train-003-images.idx.zst")
    let folder = try DatasetFolder(opening: scratch.path)
    for threads in [1, 2, 8] {
      let found = try faults { _ = try folder.load("train", threads: threads) }
      let files = found?.map { String($0.file.split(separator: "/").last ?? "") }
      #expect(
        files == [
          "train-001-images.idx.zst", "train-002-labels.idx.zst", "train-003-images.idx.zst",
        ], "\(threads) threads")
    }
    let reports = try folder.verify(threads: 2)
    #expect(reports.count == 8)
    #expect(reports.indices.filter { !reports[$0].faults.isEmpty } == [2, 5, 6])
  }

  @Test func namesNeverLeaveTheFolder() throws {
    let scratch = try Scratch()
    let outside = try scratch.write(HandMade().images, to: "outside.idx.zst")
    let damaged = try scratch.write(
      HandMade().images.dropLast() + [HandMade().images.last.map { $0 ^ 1 } ?? 0],
      to: "damaged.idx.zst")
    func found(_ name: String) throws -> [DataFault]? {
      var wrong = HandMade()
      wrong.edit = { $0.splits["train"]?[0].images.file = name }
      let path = scratch.file("set")
      try? FileManager.default.removeItem(atPath: path)
      try wrong.write(to: path)
      try FileManager.default.createSymbolicLink(
        atPath: path + "/link.idx.zst", withDestinationPath: outside)
      try FileManager.default.createSymbolicLink(
        atPath: path + "/up", withDestinationPath: "..")
      try FileManager.default.createDirectory(
        atPath: path + "/sub", withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: outside, toPath: path + "/sub/ok.idx.zst")
      #expect(mkfifo(path + "/pipe", 0o600) == 0)
      // An accent makes one character with the slash before it.
      try? FileManager.default.copyItem(
        atPath: outside, toPath: scratch.file("\u{301}outside.idx.zst"))
      for (link, target) in [
        ("other", damaged), ("to-pipe", path + "/pipe"), ("device", "/dev/zero"),
        ("dangling", path + "/nothing"),
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(path)/\(link).idx.zst", withDestinationPath: target)
      }
      return try faults {
        _ = try DatasetFolder(opening: path).load("train", threads: 1)
      }
    }
    #expect(try found("sub/ok.idx.zst") == nil)
    #expect(try found("link.idx.zst") == nil, "a link to the very bytes, as into a store")
    for name in [
      "../outside.idx.zst", "../\u{301}outside.idx.zst", outside,
      "other.idx.zst", "to-pipe.idx.zst", "device.idx.zst",
      "dangling.idx.zst", "up/outside.idx.zst", "sub/../i.idx.zst",
      "./i.idx.zst", "", "/", "sub//ok.idx.zst", "sub/", "i.idx.zst\u{0}x", "pipe", "sub",
      "i.idx.zst/x", "none", String(repeating: "a/", count: 5000) + "a",
      String(repeating: "n", count: 300),
    ] {
      #expect(try found(name)?.count == 1, "\(name.prefix(40))")
    }
  }

  @Test func theFolderItselfMayBeALink() throws {
    let scratch = try Scratch()
    try HandMade().write(to: scratch.file("set"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("link"), withDestinationPath: scratch.file("set"))
    let split = try DatasetFolder(opening: scratch.file("link")).load("train", threads: 1)
    #expect(split.count == 4)
  }

  @Test func shardsAreWatchedByTheirBytes() throws {
    let scratch = try Scratch()
    let path = scratch.file("set")
    try HandMade().write(to: path)
    var origin = try #require(try DatasetFolder(opening: path).load("train", threads: 1).origin)
    #expect(try origin.check().isEmpty)
    // The same bytes in another file, as after a copy or a `touch`.
    try AtomicFile.write(HandMade().images, to: path + "/i.idx.zst")
    #expect(try origin.check().isEmpty)
    try FileManager.default.removeItem(atPath: path + "/l.idx.zst")
    #expect(
      try origin.check().map(\.isGone) == [true], "gone, which training from memory survives")
    for other in [HandMade().images.dropLast() + [0x5A], HandMade().images + [0]] {
      try AtomicFile.write(Array(other), to: path + "/i.idx.zst")
      #expect(try faults { _ = try origin.check() }?.map(\.found) == ["changed since start"])
    }
    try FileManager.default.removeItem(atPath: path + "/i.idx.zst")
    #expect(try origin.check().allSatisfy(\.isGone))
    #expect(mkfifo(path + "/i.idx.zst", 0o600) == 0)
    let unseen = try origin.check()
    #expect(unseen.map(\.isGone).sorted { $0 && !$1 } == [true, false], "\(unseen)")
    try FileManager.default.removeItem(atPath: path)
    #expect(try origin.check().map(\.isGone) == [true], "the whole folder is one fault")
    let memory = Split(
      name: "m", sampleShape: [1], classCount: 1, samples: [1] as [Float], labels: [0])
    #expect(memory.origin == nil)
  }
}
