import SkeinFiles

/// A table's columns, and samples that were made of one, as text.
public enum FeatureText {
  /// The most columns that are listed.
  private static let most = 200

  /// A line per column: its name, and its mean and deviation or its levels.
  public static func table(_ features: [Feature]) -> [String] {
    let shown = features.prefix(most)
    let width = shown.map { $0.name.printable(limit: 40).columns }.max() ?? 0
    let lines = shown.map { feature in
      let name = feature.name.printable(limit: 40).fitted(to: width)
      let missing = feature.hasMissing ? ", or missing" : ""
      switch feature.kind {
      case .number:
        return "\(name)  number, mean \(short(feature.mean ?? 0)), deviation "
          + "\(short(feature.deviation ?? 0))\(missing)"
      case .category:
        let levels = feature.levels ?? []
        return "\(name)  \(counted(levels.count, "level")): "
          + levels.prefix(6).map { $0.printable(limit: 24) }.joined(separator: ", ")
          + (levels.count > 6 ? ", …" : "") + missing
      }
    }
    let more = features.count - shown.count
    return lines + (more > 0 ? ["and \(counted(more, "more column"))"] : [])
  }

  /// Samples as lines: the number, the class or the values, and the columns' values as they stood
  /// in the table, as far as a Float tells.
  ///
  /// - Precondition: the samples of `split` were made of `features`, and `rows` are some of them.
  public static func rows(
    _ rows: [Int], of split: Split, _ features: [Feature], classes: [String]
  ) -> String {
    rows.map { row in
      var elements = split.stored(row)[...]
      let values = features.prefix(most).map { feature in
        let own = elements.prefix(feature.width)
        elements = elements.dropFirst(feature.width)
        return "\(feature.name.printable(limit: 40)) \(value(Array(own), feature))"
      }
      let more = features.count > most ? ", …" : ""
      let name =
        split.valueTargets.map { targets in
          zip(targets.names, split.values(at: row))
            .map { "\($0.printable(limit: 40)) \(short(Double($1)))" }.joined(separator: ", ")
        } ?? classes[Int(split.label(at: row))].printable()
      return "\(row)  \(name)  " + values.joined(separator: ", ") + more
    }.joined(separator: "\n")
  }

  /// What the elements of a column mean.
  private static func value(_ elements: [Float], _ feature: Feature) -> String {
    if feature.hasMissing, elements.last == 1 { return "missing" }
    switch feature.kind {
    case .number:
      return short((feature.mean ?? 0) + (feature.deviation ?? 0) * Double(elements.first ?? 0))
    case .category:
      guard let index = elements.firstIndex(of: 1), let levels = feature.levels else {
        return "unknown"
      }
      return levels[index].printable(limit: 40)
    }
  }

  /// Four digits that count, and all of a whole number below a million.
  static func short(_ value: Double) -> String {
    let rounded = value.rounded()
    if abs(rounded) < 1e6, abs(value - rounded) <= 1e-6 * max(1, abs(value)) {
      return String(Int(rounded))
    }
    let size = abs(value)
    guard size < 1e7, size >= 1e-4 else { return "\(Float(value))" }
    return decimals(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 6)
  }
}
