/// Checked arithmetic on the dimensions that files promise.
enum ArrayShape {
  /// The product of `dimensions`; nil where it does not fit an `Int` or a factor is below 0.
  static func product(_ dimensions: some Sequence<Int>) -> Int? {
    var product = 1
    for dimension in dimensions {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }

  /// `first + second`; nil where it does not fit.
  static func sum(_ first: Int, _ second: Int) -> Int? {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? nil : sum
  }

  /// `28 × 28`, for messages.
  static func text(_ dimensions: [Int]) -> String {
    guard dimensions.count <= 8 else { return "\(dimensions.count) dimensions" }
    return dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: " × ")
  }
}
