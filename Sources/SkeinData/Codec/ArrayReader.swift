/// One array file that a user named, read from front to back: IDX or NumPy, as it is or in gzip or
/// in zstd, told apart by their first bytes.
final class ArrayReader {
  let path: String
  let type: ElementType
  let shape: [Int]
  /// What the file is, for people: `IDX in gzip`.
  let format: String
  /// The file's own size.
  let fileSize: Int
  /// The bytes of all elements.
  let payloadSize: Int
  private let source: any ByteSource
  private let order: ByteOrder
  /// Whether the file has int64, which becomes int32 on its way.
  private let isInt64: Bool

  /// Opens the file and reads and checks its header.
  ///
  /// - Throws: `DataError` where it is none of these formats, and where it cannot hold what its
  ///   header promises.
  init(path: String) throws {
    let file = try InputFile(path: path)
    let front = try file.peek(64)
    guard !front.isEmpty else {
      throw DataError(path, expected: "an IDX or NumPy array", found: "an empty file")
    }
    var packing = ""
    var limit = file.stamp.size
    if front.starts(with: FileSignature.gzip) {
      (source, packing) = (try GzipSource(file), " in gzip")
      limit = ArrayShape.product([limit, GzipSource.largestRatio]) ?? .max
    } else if front.starts(with: FileSignature.zstd) {
      (source, packing) = (try ZstdSource(file), " in zstd")
      limit = ArrayShape.product([limit, ZstdSource.largestRatio]) ?? .max
    } else {
      source = file
    }
    let magic = try source.bytes(4)
    if magic.starts(with: FileSignature.numPy.prefix(4)) {
      let header = try NumPyHeader.read(magic: magic, from: source)
      (type, shape, order) = (header.type, header.shape, header.order)
      isInt64 = header.isInt64
      format = "NumPy" + packing
    } else {
      let header = try IDXHeader.read(magic: magic, from: source)
      (type, shape, order) = (header.type, header.shape, .big)
      isInt64 = false
      format = "IDX" + packing
    }
    self.path = path
    fileSize = file.stamp.size
    // Both headers have checked this product.
    payloadSize = ArrayShape.product(shape + [type.size]) ?? .max
    try checkSize(limit: limit, compressed: !packing.isEmpty)
  }

  /// What the header promises against what so large a file can hold, before anything is allocated.
  private func checkSize(limit: Int, compressed: Bool) throws {
    let stored = isInt64 ? ArrayShape.product([payloadSize, 2]) ?? .max : payloadSize
    let promised = ArrayShape.sum(stored, source.offset) ?? .max
    guard compressed ? promised <= limit : promised == limit else {
      throw DataError(
        path, at: "header",
        expected: compressed
          ? "elements that a compressed file of \(fileSize) bytes can hold"
          : "a file of \(promised) bytes for \(ArrayShape.text(shape)) \(type.rawValue)",
        found: compressed
          ? "\(ArrayShape.text(shape)) \(type.rawValue), which is \(payloadSize) bytes"
          : "\(fileSize) bytes")
    }
  }

  /// The next elements, in the machine's byte order.
  ///
  /// - Throws: `DataError` where the data ends before `buffer` is full.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    if isInt64 { return try readInt64(into: buffer) }
    try source.fillExactly(buffer)
    order.convert(buffer, elementSize: type.size)
  }

  /// Narrows int64 to int32, in pieces of 64 KiB.
  private func readInt64(into buffer: UnsafeMutableRawBufferPointer) throws {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { wide in
      var done = 0
      while done < buffer.count {
        let count = min(wide.count / 8, (buffer.count - done) / 4)
        let piece = UnsafeMutableRawBufferPointer(rebasing: wide[..<(8 * count)])
        try source.fillExactly(piece)
        order.convert(piece, elementSize: 8)
        for index in 0..<count {
          let value = piece.load(fromByteOffset: 8 * index, as: Int64.self)
          guard let narrow = Int32(exactly: value) else {
            throw DataError(
              path, at: "element \(done / 4 + index)", expected: "a number of 32 bits",
              found: "\(value)", advice: "save array.astype(numpy.float64)")
          }
          buffer.storeBytes(of: narrow, toByteOffset: done + 4 * index, as: Int32.self)
        }
        done += 4 * count
      }
    }
  }

  /// Reads all elements in pieces, checks that the file ends behind them, and hands each piece to
  /// `body` with the number of its first element. Memory: 64 KiB.
  func forEachPiece(_ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      var done = 0
      while done < payloadSize {
        let length = min(buffer.count, payloadSize - done)
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        try read(into: piece)
        try body(done / type.size, UnsafeRawBufferPointer(piece))
        done += length
      }
    }
    try finish()
  }

  /// Checks that the file ends here, with its checksums where it has some.
  func finish() throws {
    try source.expectEnd()
  }
}
