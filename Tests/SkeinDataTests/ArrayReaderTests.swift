import Foundation
import Testing

@testable import SkeinData

@Suite struct ArrayReaderTests {
  private static let array: [Int16] = [1, -2, 300, -32768, 32767, 0]

  private func read(_ bytes: [UInt8]) throws -> [Int16] {
    let scratch = try Scratch()
    let reader = try ArrayReader(path: try scratch.write(bytes, to: "file"))
    var elements = [Int16](repeating: 0, count: reader.payloadSize / 2)
    try elements.withUnsafeMutableBytes { try reader.read(into: $0) }
    try reader.finish()
    return elements
  }

  /// A `.npy` file as NumPy writes it.
  static func numPy(_ header: String, _ payload: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    bytes += [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    if version > 1 { bytes += [0, 0] }
    return bytes + text + payload
  }

  private static let little: [UInt8] = [1, 0, 0xFE, 0xFF, 0x2C, 1, 0, 0x80, 0xFF, 0x7F, 0, 0]

  @Test func everyWrappingGivesTheSameElements() throws {
    let idx = IDXTests.golden
    #expect(try read(idx) == Self.array)
    #expect(try read(Packing.gzip(idx)) == Self.array)
    #expect(try read(Packing.zstd(idx)) == Self.array)
    #expect(try read(Packing.zstd(idx, checksum: false, contentSize: false)) == Self.array)
    for version: UInt8 in [1, 2, 3] {
      for text in [
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }          \n",
        "{ \"shape\" : (2,3,) ,'fortran_order':False,\"descr\":'=i2'}",
      ] {
        let file = Self.numPy(text, Self.little, version: version)
        #expect(try read(file) == Self.array, "version \(version): \(text)")
        #expect(try read(Packing.gzip(file)) == Self.array)
      }
    }
    let big = Array(IDXTests.golden[12...])
    let file = Self.numPy("{'descr': '>i2', 'fortran_order': False, 'shape': (6,), }", big)
    #expect(try read(file) == Self.array)
  }

  @Test func everyPrefixAndOneByteMoreAreRefused() throws {
    let npy = Self.numPy("{'descr': '<i2', 'fortran_order': False, 'shape': (6,)}", Self.little)
    let files = [
      "idx": IDXTests.golden, "gz": Packing.gzip(IDXTests.golden),
      "zst": Packing.zstd(IDXTests.golden), "npy": npy,
    ]
    for (name, bytes) in files {
      for length in 0..<bytes.count {
        #expect(
          try faults { _ = try read(Array(bytes[..<length])) } != nil, "\(name) of \(length) bytes")
      }
      #expect(try faults { _ = try read(bytes + [7]) } != nil, "\(name) and a byte")
      // Compressed data may come in several pieces, and then it is the content that is too long.
      #expect(try faults { _ = try read(bytes + bytes) } != nil, "\(name) twice")
    }
  }

  @Test func everyFlippedBitIsRefusedOrHarmless() throws {
    let npy = Self.numPy("{'descr': '<i2', 'fortran_order': False, 'shape': (6,)}", Self.little)
    for bytes in [Packing.gzip(IDXTests.golden), Packing.zstd(IDXTests.golden), npy] {
      for bit in 0..<(bytes.count * 8) {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        // Some bits mean nothing; what must not happen is a trap or another kind of error.
        _ = try faults { _ = try read(flipped) }
      }
    }
  }

  @Test func wrongNumPyHeadersAreExplained() throws {
    let table = [
      ("{'descr': '<c8', 'fortran_order': False, 'shape': (6,)}", "'<c8'"),
      ("{'descr': '<i2', 'fortran_order': False, 'shape': (6LL,)}", "\"L,)}\""),
      ("{'descr': '<i2', 'fortran_order': False}", "one of them missing"),
      ("{'descr': '<i2', 'fortran_order': False, 'shape': (0,)}", "0"),
      ("{'descr': '<i2', 'fortran_order': 0, 'shape': (6,)}", "0, 'shape'"),
      ("{'descr': '<i2', 'fortran_order': False, 'shape': (-6,)}", "-6,)}"),
      ("{'descr': '<i2', 'fortran_order': False, 'shape': (99999999999999999999,)}", "9999"),
      ("{'descr': '<i2', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "4294967296"),
      ("{'descr': '<i2', 'descr': '<i2', 'fortran_order': False, 'shape': (6,)}", "'<i2'"),
      ("{'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (6,)}", "[('a'"),
      (String(repeating: "(", count: 5000), "((((("),
      ("", "its end"),
    ]
    for (header, found) in table {
      let faults = try faults { _ = try read(Self.numPy(header, Self.little)) }
      #expect(faults?.first?.found.contains(found) == true, "\(header): \(faults as Any)")
    }
    let version = try faults { _ = try read(Self.numPy("{}", [], version: 9)) }
    #expect(version?.first?.found == "9.0")
  }

  @Test func fakesAreCalledByTheirNames() throws {
    let table: [([UInt8], String)] = [
      ([], "an empty file"),
      (Array("\n <!DOCTYPE html><html>".utf8), "an HTML page"),
      ([0x89] + Array("PNG\r\n".utf8), "a PNG image"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"),
      (Packing.gzip([0x50, 0x4B, 3, 4, 0, 0]), "a ZIP archive"),
      ([0x50, 0x4B, 3, 4, 0, 0], "none"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a Git LFS pointer"),
      (Array("label,pixel0,pixel1\n".utf8), "text that begins \"label,pixel0"),
      ([0xDE, 0xAD, 0xBE, 0xEF], "the bytes de ad be ef"),
      (Packing.gzip(Packing.gzip(IDXTests.golden)), "gzip data"),
      (Packing.gzip(Array("<html>".utf8)), "an HTML page"),
      (Packing.zstd(Array("BZh91AY".utf8)), "bzip2 data"),
      ([0], "the bytes 00"),
    ]
    for (bytes, name) in table {
      let faults = try faults { _ = try read(bytes) }
      #expect(faults?.first?.found.hasPrefix(name) == true, "\(name): \(faults as Any)")
    }
  }

  @Test func bombsStopAtThePromisedSize() throws {
    // 64 MiB of zeros behind a header that promises 6 bytes.
    let bomb: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 6] + [UInt8](repeating: 0, count: 64 << 20)
    for (name, file) in [("gzip", Packing.gzip(bomb)), ("zstd", Packing.zstd(bomb))] {
      let scratch = try Scratch()
      let reader = try ArrayReader(path: try scratch.write(file, to: name))
      #expect(reader.payloadSize == 6)
      try withUnsafeTemporaryAllocation(byteCount: 6, alignment: 1) { try reader.read(into: $0) }
      let end = try faults { try reader.finish() }
      #expect(end?.first?.found == "more bytes", "\(name)")
    }
    // And a header that promises more than so few bytes can hold.
    let promise: [UInt8] = [0, 0, 8, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0]
    for file in [promise, Packing.gzip(promise), Packing.zstd(promise)] {
      #expect(try faults { _ = try read(file) } != nil)
    }
  }

  @Test func hugeWindowsAreRefused() throws {
    let frame = Packing.zstd(IDXTests.golden, contentSize: false, windowLog: 28)
    let faults = try faults { _ = try read(frame) }
    #expect(faults?.first?.expected == "a window of at most 128 MiB", "\(faults as Any)")
  }

  @Test func whatIsNoFileIsRefusedAtOnce() throws {
    let scratch = try Scratch()
    for (path, found) in [
      (scratch.path, "a folder"), ("/dev/null", "an empty file"),
      (scratch.file("none"), "nothing of that name"),
    ] {
      let faults = try faults { _ = try ArrayReader(path: path) }
      #expect(faults?.first?.found == found, "\(path)")
    }
  }
}

extension ArrayReaderTests {
  /// NumPy's usual integers: int64 becomes int32, over more than one piece, or is refused.
  @Test func int64AndBoolAreRead() throws {
    let scratch = try Scratch()
    let values = (0..<20_000).map { Int64($0) * 7 - 50_000 }
    func file(_ values: [Int64], order: Character) throws -> ArrayReader {
      let payload = values.flatMap { value in
        withUnsafeBytes(of: order == "<" ? value.littleEndian : value.bigEndian) { Array($0) }
      }
      let header = "{'descr': '\(order)i8', 'fortran_order': False, 'shape': (\(values.count),)}"
      return try ArrayReader(path: scratch.write(Self.numPy(header, payload), to: "a.npy"))
    }
    for order: Character in ["<", ">"] {
      var read: [Int32] = []
      let reader = try file(values, order: order)
      #expect(reader.type == .int32 && reader.payloadSize == 80_000)
      try reader.forEachPiece { _, bytes in read += bytes.bindMemory(to: Int32.self) }
      #expect(read == values.map { Int32($0) })
    }
    for bad in [Int64(1) << 31, -(1 << 31) - 1, .max] {
      let faults = try faults { try file([1, bad], order: "<").forEachPiece { _, _ in } }
      #expect(faults?.first?.found == "\(bad)" && faults?.first?.place == "element 1")
    }
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}"
    let path = try scratch.write(Self.numPy(header, [1, 0, 1]), to: "b.npy")
    #expect(try ArrayReader(path: path).type == .uint8)
  }
}
