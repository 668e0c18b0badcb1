/// What the end of a ZIP archive says about its list.
struct ZipEnd {
  let count: Int
  let listOffset: Int
  let listSize: Int

  init(of file: UserFile, size: Int) throws {
    // The record of 22 bytes, behind which a comment of up to 65,535 may follow.
    let tail = try file.bytes(at: max(0, size - 22 - 65_535), min(size, 22 + 65_535))
    let signature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
    let place = stride(from: tail.count - 22, through: 0, by: -1).first { start in
      tail[start...].starts(with: signature)
        && Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count - start - 22
    }
    guard let place else {
      throw DataError(
        file.name, at: "end of the archive", expected: "the list of its files", found: "none",
        advice: "the file was cut short; fetch it again")
    }
    let start = size - tail.count + place
    var cursor = ByteCursor(Array(tail[place...]), file: file.name)
    _ = try cursor.take(4, "signature")
    var disks = [UInt32](repeating: 0, count: 2)
    for index in disks.indices { disks[index] = UInt32(try cursor.uint16LittleEndian("disk")) }
    _ = try cursor.take(2, "entries on this disk")
    var count = UInt64(try cursor.uint16LittleEndian("number of entries"))
    var listSize = UInt64(try cursor.uint32LittleEndian("size of the list"))
    var listOffset = UInt64(try cursor.uint32LittleEndian("offset of the list"))
    if count == 0xFFFF || listSize == 0xFFFF_FFFF || listOffset == 0xFFFF_FFFF,
      let record = try Self.zip64Record(of: file, before: start)
    {
      var cursor = ByteCursor(record, file: file.name)
      _ = try cursor.take(16, "signature, size and versions")
      for index in disks.indices { disks[index] = try cursor.uint32LittleEndian("disk") }
      _ = try cursor.take(8, "entries on this disk")
      count = try cursor.uint64LittleEndian("number of entries")
      listSize = try cursor.uint64LittleEndian("size of the list")
      listOffset = try cursor.uint64LittleEndian("offset of the list")
    }
    guard disks == [0, 0] else {
      throw DataError(
        file.name, at: "end of the archive", expected: "an archive in one piece",
        found: "one of several disks")
    }
    guard let count = Int(exactly: count), let listSize = Int(exactly: listSize),
      let listOffset = Int(exactly: listOffset), let end = ArrayShape.sum(listOffset, listSize),
      end <= start, count <= listSize / 46
    else {
      throw DataError(
        file.name, at: "end of the archive", expected: "a list inside the \(size) bytes",
        found: "\(count) entries in \(listSize) bytes at \(listOffset)")
    }
    (self.count, self.listSize, self.listOffset) = (count, listSize, listOffset)
  }

  /// The ZIP64 record, which its locator right before `start` points to; nil where there is no
  /// locator.
  private static func zip64Record(of file: UserFile, before start: Int) throws -> [UInt8]? {
    guard start >= 20 else { return nil }
    var locator = ByteCursor(try file.bytes(at: start - 20, 20), file: file.name)
    guard try locator.uint32LittleEndian("signature") == 0x0706_4B50 else { return nil }
    _ = try locator.take(4, "disk")
    let place = try locator.uint64LittleEndian("offset of the ZIP64 record")
    guard let place = Int(exactly: place), place <= start - 20 else {
      throw DataError(
        file.name, at: "end of the archive", expected: "the ZIP64 record before it",
        found: "one at byte \(place)")
    }
    let record = try file.bytes(at: place, min(56, start - place))
    guard record.starts(with: [0x50, 0x4B, 0x06, 0x06]) else {
      throw DataError(
        file.name, at: "byte \(place)", expected: "the ZIP64 record", found: "other bytes")
    }
    return record
  }
}
