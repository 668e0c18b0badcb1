import SkeinFiles

/// The list of files in a ZIP archive, which NumPy's `.npz` files are too. ZIP64 is read; encrypted
/// and split archives are refused.
///
/// The list stands at the archive's end, so an archive has to be a regular file. Source: PKWARE,
/// "APPNOTE.TXT – .ZIP File Format Specification", 4.3.
struct ZipArchive {
  /// One file of the archive, as the list promises it.
  struct Entry: Equatable {
    let name: String
    let flags: UInt16
    /// 0 for stored, 8 for DEFLATE.
    let method: UInt16
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where its local header starts.
    let offset: Int

    /// Its name without `.npy`, as NumPy calls the array.
    var arrayName: String { name.hasSuffix(".npy") ? String(name.dropLast(4)) : name }
  }

  let file: UserFile
  /// The files, in the list's order; folders are left out.
  let entries: [Entry]
  /// Where the list starts; all data lies before.
  let listOffset: Int

  /// Longest list that is read: hundreds of thousands of files.
  static let longestList = 16 << 20

  /// Reads and checks the list.
  ///
  /// - Throws: `DataError` where there is none, or one that the file cannot bear out.
  init(_ file: UserFile) throws {
    guard let size = file.size else {
      throw DataError(
        file.name, expected: "a file, since a ZIP archive is read from its end", found: "a pipe",
        advice: "save the archive as a file first")
    }
    self.file = file
    let end = try ZipEnd(of: file, size: size)
    listOffset = end.listOffset
    guard end.listSize <= Self.longestList else {
      throw DataError(
        file.name, at: "end of the archive",
        expected: "a list of at most \(Self.longestList) bytes",
        found: "\(end.listSize) bytes")
    }
    var cursor = ByteCursor(
      try file.bytes(at: end.listOffset, end.listSize), file: "\(file.name): list of files")
    var entries: [Entry] = []
    for _ in 0..<end.count { entries.append(try Self.entry(&cursor)) }
    self.entries = entries.filter { !$0.name.hasSuffix("/") }
  }

  private static func entry(_ cursor: inout ByteCursor) throws -> Entry {
    let start = cursor.offset
    guard try cursor.uint32LittleEndian("signature") == 0x0201_4B50 else {
      throw DataError(
        cursor.file, at: "byte \(start)", expected: "an entry (bytes 50 4b 01 02)",
        found: "other bytes")
    }
    _ = try cursor.take(4, "versions")
    let flags = try cursor.uint16LittleEndian("flags")
    let method = try cursor.uint16LittleEndian("method")
    _ = try cursor.take(4, "time")
    let checksum = try cursor.uint32LittleEndian("CRC-32")
    var compressedSize = UInt64(try cursor.uint32LittleEndian("compressed size"))
    var size = UInt64(try cursor.uint32LittleEndian("size"))
    let nameLength = Int(try cursor.uint16LittleEndian("name length"))
    let extraLength = Int(try cursor.uint16LittleEndian("length of the extra fields"))
    let commentLength = Int(try cursor.uint16LittleEndian("comment length"))
    _ = try cursor.take(8, "disk and attributes")
    var offset = UInt64(try cursor.uint32LittleEndian("offset"))
    let name = String(decoding: try cursor.take(nameLength, "name"), as: UTF8.self)
    var extra = ByteCursor(Array(try cursor.take(extraLength, "extra fields")), file: cursor.file)
    _ = try cursor.take(commentLength, "comment")
    while extra.remaining >= 4 {
      let kind = try extra.uint16LittleEndian("kind of extra field")
      let length = Int(try extra.uint16LittleEndian("length of extra field"))
      var field = ByteCursor(Array(try extra.take(length, "extra field")), file: cursor.file)
      guard kind == 1 else { continue }
      // ZIP64: a number for each one above that is all ones, in this order.
      if size == 0xFFFF_FFFF { size = try field.uint64LittleEndian("size") }
      if compressedSize == 0xFFFF_FFFF {
        compressedSize = try field.uint64LittleEndian("compressed size")
      }
      if offset == 0xFFFF_FFFF { offset = try field.uint64LittleEndian("offset") }
    }
    guard let size = Int(exactly: size), let compressedSize = Int(exactly: compressedSize),
      let offset = Int(exactly: offset)
    else {
      throw DataError(
        cursor.file, at: "byte \(start)", expected: "sizes that can be counted",
        found: "\(size) bytes in \(compressedSize) at \(offset)")
    }
    return Entry(
      name: name, flags: flags, method: method, checksum: checksum,
      compressedSize: compressedSize, size: size, offset: offset)
  }
}
