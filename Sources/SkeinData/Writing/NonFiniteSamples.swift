import SkeinFiles

/// Samples that hold NaN, or a number that is infinite as a `Float`: training on one of them ends
/// the run with exit code 5.
struct NonFiniteSamples {
  /// How many there are.
  private(set) var samples = 0
  /// The number of the first one, from 0.
  private(set) var first: Int?
  /// How many elements of theirs are no finite numbers.
  private var elements = 0
  private var seen = 0

  /// Looks at the next `count` samples, whose elements are `bytes`, in the machine's byte order.
  /// O(elements); nothing for whole numbers.
  mutating func add(_ bytes: UnsafeRawBufferPointer, _ type: ElementType, count: Int) {
    switch type {
    case .float32: add(bytes, count) { (value: Float) in value.isFinite }
    // 1e300 is finite here and infinite in training.
    case .float64: add(bytes, count) { (value: Double) in Float(value).isFinite }
    case .uint8, .int8, .int16, .int32: break
    }
    seen += count
  }

  private mutating func add<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ isFinite: (Element) -> Bool
  ) {
    let sampleBytes = bytes.count / max(count, 1)
    for row in 0..<count {
      var bad = 0
      for offset in stride(
        from: row * sampleBytes, to: (row + 1) * sampleBytes, by: MemoryLayout<Element>.size)
      where !isFinite(bytes.loadUnaligned(fromByteOffset: offset, as: Element.self)) {
        bad += 1
      }
      guard bad > 0 else { continue }
      elements += bad
      samples += 1
      first = first ?? seen + row
    }
  }

  /// `images.npy: 3 NaN or infinite numbers in 2 samples, the first of them sample 17, …`.
  func text(in file: String) -> String {
    "\(file.printable(limit: 1000)): \(found); training ends with exit code 5 at such a sample"
  }

  /// The refusal to write them.
  func error(in file: String) -> DataError {
    DataError(
      file, at: numbered([first ?? 0], "sample"), expected: "finite numbers", found: found,
      advice: "training would end with exit code 5 there; mend or leave out those samples, or add "
        + "--allow-nan to write them as they are")
  }

  private var found: String {
    counted(elements, "NaN or infinite number") + " in " + counted(samples, "sample")
      + ", of which the first is " + numbered([first ?? 0], "sample")
  }
}
