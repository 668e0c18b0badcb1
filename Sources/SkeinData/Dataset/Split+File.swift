extension Split {
  /// Samples without labels from a file that a user named: IDX or NumPy, as it is, in gzip or in
  /// zstd. All labels are −1. Memory: the elements and 4 bytes per sample.
  ///
  /// - Parameters:
  ///   - sampleShape: The dimensions that a sample must have; the file holds one such sample or
  ///     any number of them.
  ///   - classCount: What `classCount` will be.
  /// - Throws: `DataError` where the file is no such array.
  public convenience init(
    samplesAt path: String, sampleShape: [Int], classCount: Int
  ) throws {
    let reader = try ArrayReader(path: path)
    let isOne = reader.shape == sampleShape
    let first = isOne ? 1 : reader.shape.first ?? 0
    guard isOne || (reader.shape.count > 1 && Array(reader.shape.dropFirst()) == sampleShape),
      Int32(exactly: first) != nil
    else {
      throw DataError(
        path, at: "header", expected: "samples of \(ArrayShape.text(sampleShape))",
        found: ArrayShape.text(reader.shape))
    }
    let storage = try SampleStorage(
      type: reader.type, byteCount: reader.payloadSize, name: path)
    try reader.read(into: storage.bytes)
    try reader.finish()
    self.init(
      name: path, sampleShape: sampleShape, classCount: classCount, storage: storage,
      labels: [Int32](repeating: -1, count: first), origin: nil)
  }
}
