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

extension ArrayShape {
  /// `dimensions` without those of 1, which say nothing about where an element lies.
  static func squeezed(_ dimensions: some Sequence<Int>) -> [Int] {
    dimensions.filter { $0 != 1 }
  }

  /// Whether samples of both shapes hold the same elements in the same order: the shapes differ
  /// only by dimensions of 1, as 28 × 28 × 1 does, or one of them is a plain list, as 784 is.
  static func areAlike(_ first: some Sequence<Int>, _ second: some Sequence<Int>) -> Bool {
    let (first, second) = (squeezed(first), squeezed(second))
    if first == second { return true }
    guard first.count <= 1 || second.count <= 1, let size = product(first) else { return false }
    return size == product(second)
  }
}
