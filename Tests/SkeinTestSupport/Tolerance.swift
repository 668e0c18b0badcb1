/// How far a Float result may lie from the exact number.
package enum Tolerance {
  /// 2⁻²³ · (16 + terms / 2) · max(1, |expected|).
  ///
  /// One rounding costs 2⁻²⁴; an op of this module makes fewer than 16 of them in a row (its
  /// library functions count 2), each worth twice that where terms cancel. In a sum of `terms`
  /// products of size 1 the partial sums reach √terms, and each is rounded to 2⁻²⁴ of that; the
  /// roundings point either way, so √terms · √terms of them remain.
  package static func allowed(_ expected: Float, terms: Int = 1) -> Float {
    Float.ulpOfOne * (16 + Float(terms) / 2) * max(1, abs(expected))
  }

  /// The places where `found` is further from `expected` than allowed, as text; empty if none.
  package static func differences(
    _ found: [Float], _ expected: [Float], terms: Int = 1
  ) -> [String] {
    guard found.count == expected.count else {
      return ["\(found.count) values instead of \(expected.count)"]
    }
    return zip(found, expected).enumerated().compactMap { i, pair in
      // Written so that a NaN is a difference.
      abs(pair.0 - pair.1) <= allowed(pair.1, terms: terms)
        ? nil : "at \(i): \(pair.0) instead of \(pair.1)"
    }
  }
}
