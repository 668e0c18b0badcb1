/// The column of a table that says how much a row counts in the loss.
struct WeightColumn {
  /// The number of its field.
  let field: Int
  let decimals: DecimalReader

  /// The weight of `record`.
  ///
  /// - Throws: `DataError` for text, for a missing value, and for a number that is no weight.
  func read(_ record: Record) throws -> Float {
    guard let weight = record.number(field, decimals).map({ Float($0) }),
      SampleWeights.isSound(weight)
    else {
      let found = record.shown(field)
      throw DataError(
        record.fault(
          field, at: "weight", expected: SampleWeights.expected,
          found: found.isEmpty ? "nothing" : "\"\(found)\""))
    }
    return weight
  }
}
