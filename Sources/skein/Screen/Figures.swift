import Foundation

/// `value` with `digits` decimals.
func number(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", value)
}

/// A share as a percentage with one decimal.
func percent(_ share: Double) -> String { number(share * 100, 1) + " %" }
