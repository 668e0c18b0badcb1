/// Turns images so that rows become columns, as EMNIST's images need it.
struct ImageTranspose {
  /// The shape of a turned sample.
  let shape: [Int]
  private let height: Int
  private let width: Int
  /// Images in a sample, one after the other: channels that come first.
  private let images: Int
  /// Bytes of one pixel: all channels that come last.
  private let pixelBytes: Int
  private var copy: [UInt8]

  /// - Parameter shape: a sample's dimensions: [h, w], or [h, w, c] or [c, h, w] with 1, 3 or 4
  ///   channels.
  /// - Throws: `DataError` where a sample is no such image; `name` is the file to blame.
  init(_ shape: [Int], elementSize: Int, name: String) throws {
    let channels = [1, 3, 4]
    switch shape.count {
    case 2:
      (images, height, width, pixelBytes) = (1, shape[0], shape[1], elementSize)
      self.shape = [width, height]
    case 3 where channels.contains(shape[2]):
      (images, height, width) = (1, shape[0], shape[1])
      pixelBytes = elementSize * shape[2]
      self.shape = [width, height, shape[2]]
    case 3 where channels.contains(shape[0]):
      (images, height, width, pixelBytes) = (shape[0], shape[1], shape[2], elementSize)
      self.shape = [images, width, height]
    default:
      throw DataError(
        name, at: "header", expected: "images of two dimensions, for --transpose",
        found: "samples of \(ArrayShape.text(shape))",
        advice: "say their dimensions with --shape HEIGHT,WIDTH")
    }
    copy = [UInt8](repeating: 0, count: (ArrayShape.product(shape) ?? 0) * elementSize)
  }

  /// Turns every sample in `samples`, in place. O(bytes).
  mutating func turn(_ samples: UnsafeMutableRawBufferPointer) {
    let size = copy.count
    for start in stride(from: 0, to: samples.count, by: max(1, size)) {
      let sample = UnsafeMutableRawBufferPointer(rebasing: samples[start..<(start + size)])
      copy.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(sample)) }
      copy.withUnsafeBytes { turn(from: $0, to: sample) }
    }
  }

  private func turn(
    from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) {
    var place = 0
    for image in 0..<images {
      for column in 0..<width {
        for row in 0..<height {
          let pixel = ((image * height + row) * width + column) * pixelBytes
          for byte in 0..<pixelBytes { target[place + byte] = source[pixel + byte] }
          place += pixelBytes
        }
      }
    }
  }
}
