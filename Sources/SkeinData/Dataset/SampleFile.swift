import SkeinFiles

/// Samples without labels from a file that a user named, read chunk by chunk, whatever the file
/// unpacks to: IDX or NumPy, as it is, in gzip, in zstd or in a ZIP archive.
public final class SampleFile: SampleChunks {
  /// The file as messages name it.
  public let name: String
  /// How many samples its header promises.
  public let count: Int
  /// The type of the elements.
  public let type: ElementType
  /// The least and the greatest of the elements read so far.
  public private(set) var values = ElementStatistics()
  private let reader: ArrayReader
  private let sampleShape: [Int]
  private let sampleBytes: Int
  private var position = 0

  /// Opens `path`: a file, `-` for standard input, or `FILE.npz:NAME`.
  ///
  /// - Parameter sampleShape: The dimensions of a sample. The file holds one or any number of them,
  ///   in this shape or in one with the same elements in the same order: with dimensions of 1 more
  ///   or fewer, or as a plain list.
  /// - Throws: `DataError` where the file is no such array.
  public init(path: String, sampleShape: [Int]) throws {
    reader = try ArrayReader(path: path)
    name = reader.path
    type = reader.type
    self.sampleShape = sampleShape
    let size = ArrayShape.product(sampleShape + [reader.type.size])
    let isOne = ArrayShape.areAlike(reader.shape, sampleShape)
    guard let size, isOne || ArrayShape.areAlike(reader.shape.dropFirst(), sampleShape),
      isOne || !reader.shape.isEmpty
    else {
      throw DataError(
        reader.path, at: "header",
        expected: "samples of \(ArrayShape.text(sampleShape)), one or many",
        found: ArrayShape.text(reader.shape))
    }
    sampleBytes = size
    count = isOne ? 1 : reader.shape[0]
  }

  /// None: `values` say it all.
  public var warnings: [String] { [] }
  /// The samples that are read, and how many there are.
  public var progress: (done: Int, total: Int) { (position, count) }

  /// The next samples, at most `limit`, all with the label −1, or with values of 0; nil behind the
  /// last one. Before the last ones are given, the file has been found to end there, with its
  /// checksums. Memory: these samples.
  ///
  /// - Parameter target: what kind of targets a network wants with them.
  /// - Precondition: `limit` is above 0.
  /// - Throws: `DataError` where the file is cut short or damaged.
  public func next(_ limit: Int, target: TargetKind) throws -> Split? {
    require(limit > 0, "chunks of \(limit) samples")
    let rows = min(limit, count - position)
    guard rows > 0 else { return nil }
    let storage = try SampleStorage(type: type, byteCount: rows * sampleBytes, name: name)
    try reader.read(into: storage.bytes)
    values.add(UnsafeRawBufferPointer(storage.bytes), type)
    position += rows
    if position == count { try reader.finish() }
    return Split(
      name: name, sampleShape: sampleShape, storage: storage,
      targets: .unknown(target, count: rows), origin: nil)
  }
}
