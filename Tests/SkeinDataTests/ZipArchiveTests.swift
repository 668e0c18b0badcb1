import CZlib
import Testing

@testable import SkeinData

/// Archives byte by byte, so that each field can lie.
enum Zip {
  static func archive(
    _ files: [(String, [UInt8])], deflated: Bool = false, zip64: Bool = false, flags: UInt16 = 0,
    method: UInt16? = nil, checksumChange: UInt32 = 0, sizeChange: Int = 0
  ) -> [UInt8] {
    func number<N: FixedWidthInteger>(_ value: N) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    var bytes: [UInt8] = []
    var list: [UInt8] = []
    for (name, content) in files {
      // A gzip member is a header of 10 bytes, the data, and a trailer of 8.
      let data = deflated ? Array(Packing.gzip(content).dropFirst(10).dropLast(8)) : content
      let checksum =
        UInt32(
          content.withUnsafeBufferPointer {
            crc32(0, $0.baseAddress, UInt32($0.count))
          }) ^ checksumChange
      let size = content.count + sizeChange
      let common =
        number(UInt16(45)) + number(flags) + number(method ?? (deflated ? 8 : 0))
        + number(UInt32(0)) + number(checksum)
      let sizes =
        zip64
        ? number(UInt32.max) + number(UInt32.max)
        : number(UInt32(data.count)) + number(UInt32(size))
      let offset = bytes.count
      bytes += [0x50, 0x4B, 3, 4] + common + sizes + number(UInt16(name.utf8.count))
      bytes += number(UInt16(0)) + Array(name.utf8) + data
      let extra =
        zip64
        ? number(UInt16(1)) + number(UInt16(24)) + number(UInt64(size))
          + number(UInt64(data.count)) + number(UInt64(offset)) : []
      list += [0x50, 0x4B, 1, 2] + number(UInt16(45)) + common + sizes
      list += number(UInt16(name.utf8.count)) + number(UInt16(extra.count)) + number(UInt16(0))
      list += number(UInt64(0)) + number(zip64 ? UInt32.max : UInt32(offset))
      list += Array(name.utf8) + extra
    }
    let start = bytes.count
    bytes += list
    if zip64 {
      let record = bytes.count
      bytes += [0x50, 0x4B, 6, 6] + number(UInt64(44)) + number(UInt32(0)) + number(UInt64(0))
      bytes += number(UInt64(files.count)) + number(UInt64(files.count))
      bytes += number(UInt64(list.count)) + number(UInt64(start))
      bytes += [0x50, 0x4B, 6, 7] + number(UInt32(0)) + number(UInt64(record)) + number(UInt32(1))
    }
    bytes += [0x50, 0x4B, 5, 6] + number(UInt32(0))
    bytes += number(zip64 ? UInt16.max : UInt16(files.count))
    bytes += number(zip64 ? UInt16.max : UInt16(files.count))
    bytes += number(zip64 ? UInt32.max : UInt32(list.count))
    return bytes + number(zip64 ? UInt32.max : UInt32(start)) + number(UInt16(0))
  }
}

@Suite struct ZipArchiveTests {
  private static func npy(_ payload: [UInt8]) -> [UInt8] {
    ArrayReaderTests.numPy(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (\(payload.count),)}", payload)
  }

  private func read(
    _ archive: [UInt8], _ name: String? = nil, usual: [String] = []
  ) throws -> [UInt8] {
    let scratch = try Scratch()
    let path = try scratch.write(archive, to: "x.npz")
    var read: [UInt8] = []
    let reader = try ArrayReader(path: name.map { "\(path):\($0)" } ?? path, usualNames: usual)
    try reader.forEachPiece { _, piece in read += piece }
    return read
  }

  @Test func arraysAreFoundByName() throws {
    let (x, y) = (Sample.elements(20), Sample.elements(3))
    for deflated in [false, true] {
      for zip64 in [false, true] {
        let two = Zip.archive(
          [("x_train.npy", Self.npy(x)), ("folder/", []), ("y_train.npy", Self.npy(y))],
          deflated: deflated, zip64: zip64)
        #expect(try read(two, "x_train") == x && read(two, "y_train.npy") == y)
        #expect(try read(two, usual: ["images", "y_train", "x_train"]) == y)
        let all = try faults { _ = try read(two) }
        #expect(all?.first?.found == "the arrays x_train, y_train")
        #expect(try faults { _ = try read(two, "z") } != nil)
        let one = Zip.archive(
          [("readme.txt", [1]), ("a.npy", Self.npy(x))], deflated: deflated, zip64: zip64)
        #expect(try read(one) == x)
        let idx = Zip.archive(
          [("x.idx", IDX.encode(x, shape: [20, 6]))], deflated: deflated, zip64: zip64)
        #expect(try read(idx) == x)
      }
    }
    let twice = Zip.archive([("a.npy", Self.npy(x)), ("a.npy", Self.npy(y))])
    #expect(try faults { _ = try read(twice, "a") } != nil)
    #expect(try faults { _ = try read(Zip.archive([("folder/", [])])) } != nil)
  }

  @Test func lyingArchivesAreRefused() throws {
    let file = [("a.npy", Self.npy(Sample.elements(20)))]
    for deflated in [false, true] {
      for (archive, expected) in [
        (Zip.archive(file, deflated: deflated, flags: 1), "data that anybody can read"),
        (Zip.archive(file, deflated: deflated, method: 12), "data that is stored or deflated"),
        (Zip.archive(file, deflated: deflated, checksumChange: 1), "the CRC-32"),
        (Zip.archive(file, deflated: deflated, sizeChange: 1), ""),
        (Zip.archive(file, deflated: deflated, sizeChange: -1), ""),
        (Zip.archive(file, deflated: deflated, sizeChange: 1 << 30), ""),
      ] {
        let fault = try faults { _ = try read(archive) }?.first
        #expect(fault?.expected.hasPrefix(expected) == true, "\(fault as Any)")
      }
    }
    // 16 MiB of zeros behind a header of 6 elements: the archive's size is none that it can have.
    let bomb = Self.npy([1, 2, 3, 4, 5, 6]) + [UInt8](repeating: 0, count: 16 << 20)
    let fault = try faults { _ = try read(Zip.archive([("a.npy", bomb)], deflated: true)) }
    #expect(fault?.first?.place == "header")
  }

  @Test func everyPrefixAndFlippedBitIsRefusedOrHarmless() throws {
    let content = Array(Sample.elements(3))
    for (deflated, zip64) in [(false, false), (true, false), (true, true)] {
      let archive = Zip.archive([("a.npy", Self.npy(content))], deflated: deflated, zip64: zip64)
      for length in 0..<archive.count {
        #expect(try faults { _ = try read(Array(archive[..<length])) } != nil, "\(length) bytes")
      }
      for bit in 0..<(archive.count * 8) {
        var flipped = archive
        flipped[bit / 8] ^= 1 << (bit % 8)
        // What is read all the same has the array's own bytes.
        _ = try faults {
          let found = try read(flipped)
          #expect(found == content, "bit \(bit)")
        }
      }
    }
  }

  @Test func aFileOfThatVeryNameGoesFirst() throws {
    let scratch = try Scratch()
    try scratch.write(Zip.archive([("b.npy", Self.npy([1]))]), to: "a.npz")
    try scratch.write(IDX.encode([7, 8] as [UInt8], shape: [2]), to: "a.npz:b")
    #expect(try ArrayReader(path: scratch.file("a.npz:b")).shape == [2])
    #expect(ArrayPath("-").file == "-" && ArrayPath("none:x").array == nil)
    try scratch.write([1, 2, 3, 4], to: "plain")
    #expect(try faults { _ = try ArrayReader(path: scratch.file("plain:x")) } != nil)
  }
}
