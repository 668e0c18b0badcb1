import CZlib
import SkeinFiles

extension ZipArchive {
  /// The content of one file of the archive, decompressed as it is asked for.
  ///
  /// - Throws: `DataError` where it is encrypted, packed in a way that few programs know, or not
  ///   where the list says.
  func open(_ entry: Entry) throws -> any ByteSource {
    let name = "\(file.name), \(entry.name)"
    guard entry.flags & 1 == 0 else {
      throw DataError(
        name, expected: "data that anybody can read", found: "encrypted data",
        advice: "unpack it with its password first")
    }
    guard entry.method == 0 || entry.method == 8 else {
      throw DataError(
        name, expected: "data that is stored or deflated (method 0 or 8)",
        found: "method \(entry.method)", advice: "unpack it first")
    }
    let header = "local header at byte \(entry.offset)"
    var cursor = ByteCursor(
      entry.offset < listOffset ? try file.bytes(at: entry.offset, 30) : [],
      file: "\(name), \(header)")
    let signature = try cursor.uint32LittleEndian("signature")
    _ = try cursor.take(22, "fields that the list repeats")
    let nameLength = Int(try cursor.uint16LittleEndian("name length"))
    let extraLength = Int(try cursor.uint16LittleEndian("length of the extra fields"))
    let start = entry.offset + 30 + nameLength + extraLength
    guard signature == 0x0403_4B50, let end = ArrayShape.sum(start, entry.compressedSize),
      end <= listOffset
    else {
      throw DataError(
        name, at: header, expected: "a file that ends before the list at byte \(listOffset)",
        found: signature == 0x0403_4B50 ? "\(entry.compressedSize) bytes of data" : "other bytes")
    }
    let most = ArrayShape.product([entry.compressedSize, Inflater.largestRatio]) ?? .max
    guard entry.method == 0 ? entry.size == entry.compressedSize : entry.size <= most else {
      throw DataError(
        name, expected: "a size that \(entry.compressedSize) packed bytes can hold",
        found: "\(entry.size) bytes")
    }
    let range = FileRange(file, start..<end, name: name)
    return ZipEntrySource(
      entry, range, inflater: entry.method == 8 ? try Inflater(range, .none) : nil)
  }
}

/// A range of a regular file as a source, wherever others read in the file.
private final class FileRange: ByteSource {
  let name: String
  private(set) var offset = 0
  private let file: UserFile
  private let range: Range<Int>

  init(_ file: UserFile, _ range: Range<Int>, name: String) {
    self.file = file
    self.range = range
    self.name = name
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, range.count - offset)
    if count == 0 { return 0 }
    let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    let read = try file.read(at: range.lowerBound + offset, into: piece)
    offset += read
    return read
  }
}

/// One file of an archive: exactly as many bytes as the list promises, with the CRC-32 that it
/// promises.
private final class ZipEntrySource: ByteSource {
  let name: String
  private(set) var offset = 0
  private let entry: ZipArchive.Entry
  private let range: FileRange
  private let inflater: Inflater?
  private var checksum: UInt
  private var ended = false

  init(_ entry: ZipArchive.Entry, _ range: FileRange, inflater: Inflater?) {
    name = range.name
    self.entry = entry
    self.range = range
    self.inflater = inflater
    checksum = crc32(0, nil, 0)
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    require(!target.isEmpty, "a read of 0 bytes")
    if ended { return 0 }
    // One checksum call takes at most 4 GiB.
    let piece = UnsafeMutableRawBufferPointer(rebasing: target[..<min(target.count, 1 << 30)])
    let count: Int
    if let inflater {
      (count, ended) = try inflater.read(into: piece)
    } else {
      count = try range.read(into: piece)
      ended = count == 0
    }
    checksum = crc32(
      checksum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(clamping: count))
    offset += count
    guard offset <= entry.size, !ended || offset == entry.size else {
      throw DataError(
        name, expected: "\(entry.size) bytes, as the archive says",
        found: ended ? "\(offset)" : "more")
    }
    guard !ended || checksum == UInt(entry.checksum) else {
      throw DataError(
        name, expected: "the CRC-32 that the archive says", found: "another one",
        advice: "the file was damaged; fetch it again")
    }
    return count
  }
}
