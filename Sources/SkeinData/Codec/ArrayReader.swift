/// One array that a user named, read from front to back: IDX or NumPy, as it is, in gzip, in zstd
/// or in a ZIP archive, told apart by their first bytes.
final class ArrayReader {
  /// The file as messages name it.
  let path: String
  /// The type that the elements are given in.
  let type: ElementType
  let shape: [Int]
  /// What the file is, for people: `IDX in gzip`.
  let format: String
  /// The bytes of all elements as they are given.
  let payloadSize: Int
  private let file: UserFile
  private let source: any ByteSource
  /// Where in `source` the elements start.
  private let headerEnd: Int
  private let stored: StoredType
  private let order: ByteOrder
  private let isFortranOrder: Bool
  /// All elements of an array in Fortran order, turned round, and how many bytes of them are read.
  private var turned: SampleStorage?
  private var turnedOffset = 0

  /// How many bytes the header may promise.
  private enum Limit {
    case exactly(Int)
    /// What so much compressed data can hold.
    case atMost(Int)
    /// A pipe shows its size only at its end.
    case unknown
  }

  /// Opens the file and reads and checks its header.
  ///
  /// - Parameters:
  ///   - usualNames: which array to take from an archive of several where `path` doesn't say, the
  ///     first of these that it holds.
  ///   - isCancelled: asked while a pipe is waited for; true throws a `CancellationError`.
  /// - Throws: `DataError` where it is none of these formats, and where it cannot hold what its
  ///   header promises.
  init(
    path text: String, usualNames: [String] = [],
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let path = ArrayPath(text)
    file = try UserFile(path: path.file, isCancelled: isCancelled)
    let front = try file.peek(64)
    guard !front.isEmpty else {
      throw DataError(file.name, expected: "an IDX or NumPy array", found: "an empty file")
    }
    let isArchive = front.starts(with: FileSignature.zip)
    guard path.array == nil || isArchive else {
      throw DataError(
        file.name, expected: "a ZIP archive (.npz) with an array \"\(path.array ?? "")\"",
        found: FileSignature.describe(front))
    }
    let packing: String
    let limit: Limit
    (source, packing, limit) =
      isArchive
      ? try Self.unpackArchive(file, path.array, usualNames) : try Self.unpack(file, front)
    let magic = try source.bytes(4)
    if magic.starts(with: FileSignature.numPy.prefix(4)) {
      let header = try NumPyHeader.read(magic: magic, from: source)
      (stored, shape, order) = (header.stored, header.shape, header.order)
      // With one dimension, or all others 1, the orders are the same.
      isFortranOrder = header.isFortranOrder && header.shape.filter { $0 > 1 }.count > 1
      format = "NumPy" + packing
    } else {
      let header = try IDXHeader.read(magic: magic, from: source)
      (stored, shape, order) = (.plain(header.type), header.shape, .big)
      isFortranOrder = false
      format = "IDX" + packing
    }
    self.path = source.name
    headerEnd = source.offset
    type = stored.type
    // Both headers have checked this product.
    payloadSize = ArrayShape.product(shape + [type.size]) ?? .max
    try check(limit)
  }

  /// The content of a file that is no archive, and what it is packed in.
  private static func unpack(
    _ file: UserFile, _ front: [UInt8]
  ) throws -> (any ByteSource, String, Limit) {
    func limit(_ ratio: Int) -> Limit {
      file.size.map { .atMost(ArrayShape.product([$0, ratio]) ?? .max) } ?? .unknown
    }
    if front.starts(with: FileSignature.gzip) {
      return (try GzipSource(file), " in gzip", limit(Inflater.largestRatio))
    }
    if FileSignature.isZstd(front) {
      return (try ZstdSource(file, .anyFrames), " in zstd", limit(ZstdSource.largestRatio))
    }
    return (file, "", file.size.map { .exactly($0) } ?? .unknown)
  }

  private static func unpackArchive(
    _ file: UserFile, _ array: String?, _ usualNames: [String]
  ) throws -> (any ByteSource, String, Limit) {
    let archive = try ZipArchive(file)
    let entry = try archive.entry(array, usual: usualNames)
    return (try archive.open(entry), " in ZIP", .exactly(entry.size))
  }

  /// What the header promises against what so large a file can hold, before anything is allocated.
  private func check(_ limit: Limit) throws {
    let payload = ArrayShape.product(shape + [stored.size]) ?? .max
    let promised = ArrayShape.sum(payload, source.offset) ?? .max
    let array = "\(ArrayShape.text(shape)) \(type.rawValue)"
    switch limit {
    case .exactly(let size) where size != promised:
      throw DataError(
        path, at: "header", expected: "a file of \(promised) bytes for \(array)",
        found: "\(size) bytes")
    case .atMost(let size) where size < promised:
      throw DataError(
        path, at: "header",
        expected: "elements that a compressed file of \(file.size ?? 0) bytes can hold",
        found: "\(array), which is \(payloadSize) bytes")
    default: break
    }
  }

  /// The file's own size; for a pipe, how much of it came so far.
  var fileSize: Int { file.size ?? file.offset }

  /// The next elements, in the machine's byte order.
  ///
  /// - Precondition: `buffer` holds whole elements.
  /// - Throws: `DataError` where the data ends before `buffer` is full, or an element does not fit
  ///   its type.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    guard isFortranOrder else { return try readOn(into: buffer) }
    let elements = try turned ?? turnRound()
    turned = elements
    buffer.copyMemory(
      from: UnsafeRawBufferPointer(
        rebasing: elements.bytes[turnedOffset..<(turnedOffset + buffer.count)]))
    turnedOffset += buffer.count
  }

  /// The next elements in the file's own order of dimensions.
  private func readOn(into buffer: UnsafeMutableRawBufferPointer) throws {
    if case .plain = stored {
      try source.fillExactly(buffer)
      order.convert(buffer, elementSize: type.size)
      return
    }
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { wide in
      var done = 0
      while done < buffer.count {
        let count = min(wide.count / stored.size, (buffer.count - done) / type.size)
        let piece = UnsafeMutableRawBufferPointer(rebasing: wide[..<(stored.size * count)])
        let before = (source.offset - headerEnd) / stored.size
        try source.fillExactly(piece)
        order.convert(piece, elementSize: stored.size)
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        if let (index, value) = stored.convert(UnsafeRawBufferPointer(piece), to: target) {
          throw DataError(
            path, at: "element \(before + index)", expected: "a number that int32 holds",
            found: value, advice: "save array.astype(numpy.float64)")
        }
        done += type.size * count
      }
    }
  }

  /// All elements, turned from Fortran order into C order. Memory: the array once.
  private func turnRound() throws -> SampleStorage {
    let storage = try SampleStorage(type: type, byteCount: payloadSize, name: path)
    var scatter = FortranOrder(shape: shape, elementSize: type.size)
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      var done = 0
      while done < payloadSize {
        let length = min(buffer.count, payloadSize - done)
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        try readOn(into: piece)
        scatter.place(UnsafeRawBufferPointer(piece), in: storage.bytes)
        done += length
      }
    }
    return storage
  }

  /// Reads all elements in pieces, checks that the file ends behind them, and hands each piece to
  /// `body` with the number of its first element. Memory: 64 KiB, and the array in Fortran order.
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
