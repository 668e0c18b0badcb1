import SkeinFiles

/// Samples and targets from two files that a user named, as a stream: the targets are held in
/// memory (4 bytes each), the samples are read as they are asked for.
public struct ArrayPair: SampleStream {
  /// The shape, after images were turned, and the type of every sample.
  public private(set) var sample: Manifest.Sample
  /// How many samples there are, and targets.
  public let count: Int
  /// How many values each sample has for a target; nil where it has a label.
  public let outputs: Int?
  /// The largest label there is; −1 without labels.
  public let largestLabel: Int32
  /// The smallest label there is; −1 without labels.
  public let smallestLabel: Int32
  /// How many classes the labels can mean; a class may have no sample. 0 where targets are values.
  public let classCount: Int
  /// The targets' file.
  public let name: String
  /// The samples' file.
  public let sampleName: String
  private let images: ArrayReader
  private let labels: [Int32]
  private let values: [Float]
  /// Whether each sample has a weight.
  public var hasWeights: Bool { weights != nil }
  private let weights: [Float]?
  private var transpose: ImageTranspose?
  private var position = 0

  /// The names that arrays usually have in an archive that holds several splits.
  private static func usualNames(_ split: String) -> (images: [String], labels: [String]) {
    (
      ["x_\(split)", "X_\(split)", "\(split)_x", "\(split)_images", "images", "x", "X", "data"]
        + ["arr_0"],
      ["y_\(split)", "Y_\(split)", "\(split)_y", "\(split)_labels", "labels", "y", "Y"]
        + ["targets", "arr_1"]
    )
  }

  /// Opens both files, reads the targets, and checks that there are as many as samples.
  ///
  /// - Parameters:
  ///   - weights: an array with the weight of each sample; nil where all count the same.
  ///   - split: the split that they are for: an archive that holds several has usual names for it.
  ///   - isCancelled: asked while a pipe is waited for; true throws a `CancellationError`.
  /// - Throws: `DataError` where a file is no array, the labels name no classes, or the counts
  ///   differ.
  public init(
    images: String, labels: String, weights: String? = nil, split: String = "train",
    _ reading: ArrayReading = .init(),
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    guard [images, labels, weights].count(where: { $0 == UserFile.standardInput }) <= 1 else {
      throw DataError(
        "standard input", expected: "samples or labels there", found: "both asked for",
        advice: "name a file for one of them")
    }
    let usual = Self.usualNames(split)
    let samples = try ArrayReader(
      path: images, usualNames: usual.images, isCancelled: isCancelled)
    let classes = try ArrayReader(path: labels, usualNames: usual.labels, isCancelled: isCancelled)
    guard samples.shape.count >= 2 || (samples.shape.count == 1 && reading.sampleShape != nil)
    else {
      throw DataError(
        samples.path, at: "header",
        expected: "at least two dimensions, of which the first counts samples",
        found: ArrayShape.text(samples.shape),
        advice: classes.shape.count >= 2 ? "images and labels seem to be swapped" : nil)
    }
    var shape = try reading.sampleShape(of: samples.shape, name: samples.path)
    // A writer makes room for one sample at least, and the header of a pipe may promise any size.
    let bytes = ArrayShape.product(shape + [samples.type.size])
    guard let bytes, bytes <= DatasetWriter.shardLimit else {
      throw DataError(
        samples.path, at: "header",
        expected: "samples of at most \(DatasetWriter.shardLimit) bytes",
        found: "\(ArrayShape.text(shape)) \(samples.type)")
    }
    if reading.transposes {
      let turned = try ImageTranspose(
        shape, elementSize: samples.type.size, name: samples.path)
      shape = turned.shape
      transpose = turned
    }
    sample = Manifest.Sample(shape: shape, type: samples.type)
    count = samples.shape[0]
    name = classes.path
    sampleName = samples.path
    self.images = samples
    self.weights = try weights.map {
      try Self.weights(ArrayReader(path: $0, isCancelled: isCancelled), of: samples)
    }
    switch try TargetReader(classes, count: count, samples: samples.path, reading).targets {
    case .labels(let read, let known):
      (self.labels, values, outputs) = (read, [], nil)
      largestLabel = read.max() ?? -1
      smallestLabel = read.min() ?? -1
      classCount = max(known ?? 0, 1 + Int(largestLabel))
    case .values(let read, let columns):
      (self.labels, values, outputs) = ([], read, columns)
      (largestLabel, smallestLabel, classCount) = (-1, -1, 0)
    }
  }

  /// Takes on `shape` where samples of it hold the same elements in the same order.
  mutating func adopt(_ shape: [Int]) {
    if ArrayShape.areAlike(shape, sample.shape) { sample.shape = shape }
  }

  /// How many samples each of the first `count` classes has.
  func samplesPerClass(_ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for label in labels where counts.indices.contains(Int(label)) { counts[Int(label)] += 1 }
    return counts
  }

  /// Reads the next samples from their file, and turns images where that was asked for.
  ///
  /// - Throws: `DataError` where the file ends too early, `FileSystemError`, `CancellationError`.
  public mutating func next(
    samples: UnsafeMutableRawBufferPointer, targets: TargetMemory
  ) throws {
    try images.read(into: samples)
    transpose?.turn(samples)
    if let weights, let room = targets.weights {
      for index in room.indices { room[index] = weights[position + index] }
    }
    switch targets.kind {
    case .labels(let room):
      for index in room.indices { room[index] = labels[position + index] }
      position += room.count
    case .values(let room):
      let width = outputs ?? 1
      for index in room.indices { room[index] = values[position * width + index] }
      position += room.count / width
    }
  }

  /// The weights in `array`, one for each of the `samples`.
  private static func weights(_ array: ArrayReader, of samples: ArrayReader) throws -> [Float] {
    let count = samples.shape[0]
    guard ArrayShape.squeezed(array.shape) == ArrayShape.squeezed([count]) else {
      throw DataError(
        array.path, at: "header",
        expected: "\(counted(count, "weight")), one per sample of \(samples.path)",
        found: "\(ArrayShape.text(array.shape)) \(array.type)")
    }
    var weights: [Float] = []
    try TargetNumbers(array, areKept: false).forEach { index, number in
      let weight = Float(number)
      guard SampleWeights.isSound(weight) else {
        throw DataError(
          array.path, at: "weight of " + numbered([index], "sample"),
          expected: SampleWeights.expected, found: "\(number)")
      }
      weights.append(weight)
    }
    return weights
  }

  /// - Throws: `DataError` where the samples' file goes on behind the last one.
  public func finish() throws {
    try images.finish()
  }
}
