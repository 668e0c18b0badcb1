extension Tensor: CustomStringConvertible {
  /// Its shape and its values, as "[2, 3]: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]". Of an axis of more
  /// than 8 the first three and the last three stand for all. O(values that are shown).
  public var description: String {
    withValues { "\(shape): " + ValueText.text($0, sizes: shape.sizes[...]) }
  }
}

extension Indices: CustomStringConvertible {
  /// How many there are and the entries, as "[3]: [4, 0, 4]". Of more than 8 the first three and
  /// the last three stand for all.
  public var description: String {
    "[\(count)]: " + ValueText.text(UnsafeBufferPointer(storage), sizes: [count])
  }
}

/// How `print` shows values.
private enum ValueText {
  /// The values of axes of `sizes`, row-major, in brackets.
  static func text<Value>(
    _ values: UnsafeBufferPointer<Value>, sizes: ArraySlice<Int>
  ) -> String {
    guard let size = sizes.first else { return "\(values[0])" }
    let stride = sizes.dropFirst().reduce(1, *)
    func parts(_ indices: Range<Int>) -> [String] {
      indices.map { index in
        text(
          UnsafeBufferPointer(rebasing: values[(index * stride)..<((index + 1) * stride)]),
          sizes: sizes.dropFirst())
      }
    }
    let shown = size <= 8 ? parts(0..<size) : parts(0..<3) + ["…"] + parts((size - 3)..<size)
    return "[" + shown.joined(separator: ", ") + "]"
  }
}
