import SkeinAutograd

extension Tensor {
  /// How many columns of a matrix have the same value in all rows. O(elements).
  ///
  /// - Precondition: the tensor has two dimensions.
  var constantColumns: Int {
    let (rows, width) = (0..<shape[0], shape[1])
    return withValues { values in
      var varies = [Bool](repeating: false, count: width)
      for row in rows.indices.dropFirst() {
        for column in 0..<width where values[row * width + column] != values[column] {
          varies[column] = true
        }
      }
      return varies.filter { !$0 }.count
    }
  }
}
