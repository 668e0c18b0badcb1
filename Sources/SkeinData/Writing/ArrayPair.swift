/// Samples and labels from two files that a user named, as a stream: the labels are held in memory
/// (4 bytes each), the samples are read as they are asked for.
public struct ArrayPair: SampleStream {
  public let sample: Manifest.Sample
  public let count: Int
  /// The largest label there is.
  public let largestLabel: Int32
  /// The labels' file.
  public let name: String
  public let sampleName: String
  private let images: ArrayReader
  private let labels: [Int32]
  private var position = 0

  /// Opens both files, reads the labels, and checks that there are as many as samples.
  ///
  /// - Throws: `DataError` where a file is no array, the labels are no list of whole numbers, or
  ///   the counts differ.
  public init(images: String, labels: String) throws {
    let samples = try ArrayReader(path: images)
    let classes = try ArrayReader(path: labels)
    guard samples.shape.count >= 2 else {
      throw DataError(
        images, at: "header",
        expected: "at least two dimensions, of which the first counts samples",
        found: ArrayShape.text(samples.shape),
        advice: classes.shape.count >= 2 ? "images and labels seem to be swapped" : nil)
    }
    guard classes.shape.count == 1, classes.type.isInteger else {
      throw DataError(
        labels, at: "header", expected: "one whole number per sample",
        found: "\(ArrayShape.text(classes.shape)) \(classes.type)")
    }
    guard samples.shape[0] == classes.shape[0] else {
      throw DataError(
        labels, at: "header", expected: "\(samples.shape[0]) labels, one per sample of \(images)",
        found: "\(classes.shape[0])")
    }
    sample = Manifest.Sample(shape: Array(samples.shape.dropFirst()), type: samples.type)
    count = samples.shape[0]
    name = labels
    sampleName = images
    self.images = samples
    self.labels = try Self.read(classes)
    largestLabel = self.labels.max() ?? -1
  }

  /// All labels, in pieces, so that memory grows with what the file really holds.
  private static func read(_ reader: ArrayReader) throws -> [Int32] {
    var labels: [Int32] = []
    try reader.forEachPiece { _, piece in
      Labels.forEach(piece, reader.type) { _, label in labels.append(label) }
    }
    return labels
  }

  public mutating func next(
    samples: UnsafeMutableRawBufferPointer, labels target: UnsafeMutableBufferPointer<Int32>
  ) throws {
    try images.read(into: samples)
    for index in target.indices { target[index] = labels[position + index] }
    position += target.count
  }

  public func finish() throws {
    try images.finish()
  }
}
