import SkeinFiles
import SkeinRandom

/// The lecture's simulation: images of 10 × 1 pixels, 0 or 1, with one line of length 1 to 5 at a
/// random place. The class is the length.
public enum LineImages {
  /// Pixels of an image.
  public static let height = 10
  /// The class names, "1" to "5": the line's length.
  public static let classes = ["1", "2", "3", "4", "5"]

  /// Draws `count` images with equal numbers of each class (±1) in random order.
  ///
  /// Draws: one permutation p of `count`, image `i` having the class p[i] mod 5; then per image
  /// one number, whose remainder chooses among the places where the line fits. O(`count`).
  ///
  /// - Parameter poll: called now and then; what it throws ends the drawing.
  /// - Precondition: 0 ≤ `count` ≤ `Int32.max`.
  public static func draw(
    _ count: Int, using generator: inout MersenneTwister, poll: () throws -> Void = {}
  ) rethrows -> SampleArray<UInt8> {
    let labels = generator.permutation(count).map { $0 % Int32(classes.count) }
    var pixels = [UInt8](repeating: 0, count: count * height)
    for (index, label) in labels.enumerated() {
      if index & 0xFFFF == 0 { try poll() }
      let length = 1 + Int(label)
      let start = index * height + Int(generator.next32()) % (height - length + 1)
      for pixel in start..<(start + length) { pixels[pixel] = 1 }
    }
    return SampleArray(pixels, sampleShape: [height, 1], labels: labels, name: "lines")
  }

  /// Writes a dataset "lines" with the splits `train` and `test`, drawn in this order from one
  /// generator: the same seed and counts give the same samples.
  ///
  /// - Precondition: `train` ≥ 1; `test` ≥ 0, and 0 leaves the test split out.
  /// - Throws: `DataError` where there is a dataset that may not be replaced, `FileSystemError`.
  /// - Returns: What was written.
  @discardableResult
  public static func write(
    to path: String, seed: UInt64, train: Int, test: Int,
    options: DatasetWriter.Options = .init(), existing: DatasetWriter.Existing = .refuse
  ) throws -> Manifest {
    require(train >= 1 && test >= 0, "\(train) training and \(test) test samples")
    var generator = MersenneTwister(seed: seed)
    let manifest = Manifest(
      name: "lines", classes: classes, sample: .init(shape: [height, 1], type: .uint8),
      provenance: "simulated: skein data lines --seed \(seed) --train \(train) --test \(test)")
    let writer = try DatasetWriter(
      creating: path, manifest, options: options, existing: existing)
    for (split, count) in [("train", train), ("test", test)] where count > 0 {
      var samples = try draw(count, using: &generator, poll: options.poll)
      try writer.add(split, from: &samples)
    }
    try writer.finish()
    return writer.manifest
  }
}
