import Foundation

/// `value` with `count` decimals, as plain text that programs read too: "-0.25".
package func decimals(_ value: Double, _ count: Int) -> String {
  String(format: "%.\(count)f", value)
}

/// A share as a percentage with one decimal: "93.8 %".
package func percent(_ share: Double) -> String { decimals(share * 100, 1) + " %" }
