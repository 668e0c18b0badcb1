/// A weight matrix in six bits per weight: for pictures, not for going on with training.
///
/// Each row (the weights into one neuron) has a scale s = max |w| / 31; a weight is stored as the
/// code round(w / s) + 31 in 0…62, so it comes back with an error of at most s / 2, 1.6 % of the
/// row's largest weight. 63 codes, because six bits are one character of base 64.
public struct QuantizedMatrix: Sendable, Equatable {
  /// The largest multiple of a row's scale.
  public static let levels = 31
  /// The largest code.
  public static let largestCode = UInt8(2 * levels)

  /// [out, in].
  public let shape: [Int]
  /// A code per weight in 0…62, row by row.
  public let codes: [UInt8]
  /// A scale per row, ≥ 0; 0 for a row of zeros.
  public let scales: [Float]

  /// Codes as they were stored. Nothing is checked: a file of a history is, when it is read.
  public init(shape: [Int], codes: [UInt8], scales: [Float]) {
    self.shape = shape
    self.codes = codes
    self.scales = scales
  }

  /// Codes finite `weights` of shape [`rows`, `columns`]. O(weights).
  public init(_ weights: UnsafeBufferPointer<Float>, rows: Int, columns: Int) {
    precondition(weights.count == rows * columns, "\(weights.count) weights of \(rows)×\(columns)")
    let last = Float(Self.largestCode)
    var scales: [Float] = []
    scales.reserveCapacity(rows)
    codes = [UInt8](unsafeUninitializedCapacity: weights.count) { codes, initialized in
      for row in 0..<rows {
        let start = row * columns
        var largest: Float = 0
        for at in start..<(start + columns) { largest = max(largest, abs(weights[at])) }
        let scale = largest / Float(Self.levels)
        // A scale that underflows to 0 stands for a row of zeros.
        let inverse = scale > 0 ? 1 / scale : 0
        let offset = Float(Self.levels) + 0.5
        for at in start..<(start + columns) {
          // Rounded to nearest by cutting off, which the offset makes right for negative numbers;
          // 1 / scale may be infinite, and then the product NaN: the clamp gives the middle.
          let code = weights[at] * inverse + offset
          codes[at] =
            code >= 0 && code < last + 1
            ? UInt8(code) : code >= last + 1 ? Self.largestCode : UInt8(Self.levels)
        }
        scales.append(scale)
      }
      initialized = weights.count
    }
    self.scales = scales
    shape = [rows, columns]
  }

  /// The weights that the codes stand for, row by row.
  public var weights: [Float] {
    let columns = shape[1]
    return codes.indices.map {
      Float(Int(codes[$0]) - Self.levels) * scales[$0 / max(columns, 1)]
    }
  }
}
