import SkeinFiles

/// Samples without labels from a table that a user named, read chunk by chunk.
public final class TableFile: SampleChunks {
  /// The file as messages name it.
  public let name: String
  /// The type of the elements.
  public var type: ElementType { .float32 }
  /// The least and the greatest of the elements given so far.
  public private(set) var values = ElementStatistics()
  /// Columns that no sample is made of, the target's not among them.
  public let unused: [String]
  private let file: CSVFile
  private var encoder: RowEncoder

  /// Opens `path`: a file, or `-` for standard input.
  ///
  /// - Parameters:
  ///   - features: what samples are made of.
  ///   - origin: what else is known of the table that was trained on.
  ///   - wish: how the file is written, as far as the user says so.
  ///   - missing: further texts that mean a missing value.
  /// - Throws: `DataError` where the file is no table, or lacks a column.
  public init(
    path: String, _ features: [Feature], _ origin: TableOrigin?, _ wish: CSVFormat.Wish = .init(),
    missing: [String] = []
  ) throws {
    var wish = wish
    if wish.hasHeader == nil, origin != nil { wish.hasHeader = origin?.columns == nil }
    file = try CSVFile(path: path, wish)
    name = file.name
    let decimals = DecimalReader(decimal: file.format.decimal)
    let names = Self.names(file, origin)
    encoder = try RowEncoder(
      features, columns: names, decimals,
      MissingTexts((origin?.missing ?? []) + missing, decimals), name: file.name)
    let used = Set(features.map(\.name) + [origin?.target].compactMap(\.self))
    unused = file.format.hasHeader ? names.filter { !used.contains($0) } : []
  }

  /// Whether `path` names an array rather than a table, as far as its first bytes tell: IDX, NumPy,
  /// or a ZIP archive, in gzip or zstd too. Standard input is taken for a table.
  ///
  /// - Throws: `DataError` where there is no such file.
  public static func isArray(_ path: String) throws -> Bool {
    let path = ArrayPath(path)
    guard path.array == nil else { return true }
    guard path.file != UserFile.standardInput else { return false }
    let file = try UserFile(path: path.file)
    // A pipe's bytes would be lost.
    guard file.size != nil else { return false }
    var front = try file.peek(64)
    if front.starts(with: FileSignature.gzip) { front = try GzipSource(file).bytes(8) }
    if FileSignature.isZstd(front) { front = try ZstdSource(file, .anyFrames).bytes(8) }
    return front.starts(with: FileSignature.numPy) || front.starts(with: FileSignature.zip)
      || front.starts(with: [0, 0])
  }

  /// The names of the columns. A file without names has the columns of the table that was trained
  /// on, or all of them but the target.
  private static func names(_ file: CSVFile, _ origin: TableOrigin?) -> [String] {
    guard !file.format.hasHeader, let origin, let columns = origin.columns,
      file.columns.count == columns - 1
    else { return file.columns }
    return (0..<columns).map(CSVFile.name).filter { $0 != origin.target }
  }

  /// The next samples, at most `limit`, all with the label −1, or with values of 0; nil behind the
  /// last one. Memory: these samples.
  ///
  /// - Parameter target: what kind of targets a network wants with them.
  /// - Precondition: `limit` is above 0.
  /// - Throws: `DataError` with line and column for what does not fit its column.
  public func next(_ limit: Int, target: TargetKind) throws -> Split? {
    require(limit > 0, "chunks of \(limit) samples")
    let width = encoder.width
    let storage = try SampleStorage(
      type: .float32, byteCount: limit * width * type.size, name: name)
    let elements = storage.bytes.bindMemory(to: Float.self)
    guard let start = elements.baseAddress else { return nil }
    var rows = 0
    while rows < limit, let record = try file.next() {
      try encoder.encode(record, to: start + rows * width)
      rows += 1
    }
    guard rows > 0 else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: storage.bytes[..<(rows * width * type.size)])
    values.add(bytes, .float32)
    return Split(
      name: name, sampleShape: [width],
      storage: rows == limit ? storage : SampleStorage(copying: Array(elements[..<(rows * width)])),
      targets: .unknown(target, count: rows), origin: nil)
  }

  /// What is strange about the rows so far, a sentence each.
  public var warnings: [String] { encoder.warnings }

  /// How far the file is read, in bytes, and how many it has; 0 for a pipe.
  public var progress: (done: Int, total: Int) { (file.offset, file.size ?? 0) }
}
