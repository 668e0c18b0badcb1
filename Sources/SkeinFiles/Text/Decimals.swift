import Foundation

/// `value` with `count` decimals, as plain text that programs read too: "-0.25".
package func decimals(_ value: Double, _ count: Int) -> String {
  String(format: "%.\(count)f", value)
}

/// `bytes` in MiB, GiB or TiB: "12 MiB", "9.11 TiB". A job may ask for more bytes than an `Int` can
/// count.
///
/// - Parameter count: how many decimals a number of MiB has. Larger units have two.
package func binarySize(_ bytes: Double, decimals count: Int = 0) -> String {
  let size = bytes / 1_048_576
  if size < 1024 { return decimals(size, count) + " MiB" }
  if size < 1_048_576 { return decimals(size / 1024, 2) + " GiB" }
  let tebibytes = size / 1_048_576
  return (tebibytes < 1e6 ? decimals(tebibytes, 2) : String(format: "%.1e", tebibytes)) + " TiB"
}

/// A share as a percentage with one decimal: "93.8 %".
package func percent(_ share: Double) -> String { decimals(share * 100, 1) + " %" }
