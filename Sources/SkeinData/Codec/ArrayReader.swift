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
      format = "NumPy" + packing
    } else {
      let header = try IDXHeader.read(magic: magic, from: source)
      (type, shape, order) = (header.type, header.shape, .big)
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
    let promised = ArrayShape.sum(payloadSize, source.offset) ?? .max
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
    try source.fillExactly(buffer)
    order.convert(buffer, elementSize: type.size)
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
