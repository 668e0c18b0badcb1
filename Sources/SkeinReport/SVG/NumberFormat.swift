import Foundation

/// Formats numbers for readers, in the same way in every locale.
public enum NumberFormat {
  /// `value` with as many decimals as multiples of `step` need.
  static func fixed(_ value: Double, step: Double) -> String {
    let wanted = step > 0 ? (-log10(step) - 1e-9).rounded(.up) : 0
    let decimals = Int(max(0, min(9, wanted)))
    return decimal(abs(value) < step * 1e-6 ? 0 : value, decimals)
  }

  /// `value` with `decimals` decimals and a real minus sign; "–", "∞" or "−∞" where it is not
  /// finite.
  public static func decimal(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    return formatted("%.\(decimals)f", value)
  }

  /// `value` in three significant digits: 0.00123, 12.3, 1.2e9.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return decimal(value, 0) }
    return formatted("%.3g", value).replacing("e+0", with: "e").replacing("e+", with: "e")
      .replacing("e−0", with: "e−")
  }

  /// A value of a target in four significant digits, without an exponent below a million: 0.001234,
  /// 12.35, 123457.
  public static func value(_ value: Double) -> String {
    let size = abs(value)
    guard size >= 1e-4, size < 1e6 else { return value == 0 ? "0" : short(value) }
    return decimal(value, max(0, 3 - Int(log10(size).rounded(.down))))
  }

  /// A share as a percentage: 93.8 %.
  public static func percent(_ share: Double, _ decimals: Int = 1) -> String {
    decimal(share * 100, decimals) + "\u{A0}%"
  }

  /// A count with a thin space between thousands: 235 146.
  public static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var text = count < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append("\u{2009}") }
      text.append(digit)
    }
    return text
  }

  /// Ascending whole numbers with their runs drawn together, at most `limit` of them: "1, 4 to 9".
  static func ranges(_ numbers: [Int], limit: Int = 8) -> String {
    var runs: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = runs.indices.last, runs[last].last &+ 1 == number {
        runs[last].last = number
      } else {
        runs.append((number, number))
      }
    }
    let texts = runs.prefix(limit).map {
      $0.first == $0.last ? "\($0.first)" : "\($0.first) to \($0.last)"
    }
    return texts.joined(separator: ", ") + (runs.count > limit ? ", …" : "")
  }

  private static func formatted(_ format: String, _ value: Double) -> String {
    String(format: format, value).replacing("-", with: "−")
  }
}
