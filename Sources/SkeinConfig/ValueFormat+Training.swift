import SkeinTraining

extension ValueFormat where Value == Float {
  /// What is left of something after a step.
  static let share = number("a number ≥ 0 and < 1") { $0 >= 0 && $0 < 1 }
}

extension ValueFormat where Value == EarlyStop? {
  /// A mapping such as `{patience: 5}`, or a missing key.
  static var earlyStop: ValueFormat {
    let expects =
      "{patience: 5}, with metric: and minDelta: if wanted, or null to train to the last epoch"
    let keys = ["patience", "metric", "minDelta"]
    return ValueFormat(
      expects: expects,
      read: { node throws(Mismatch) in
        if node.isNull { return nil }
        guard case .mapping(let entries) = node.content else {
          throw Mismatch(node: node, expected: expects)
        }
        var stop = EarlyStop(patience: 0)
        var seen: Set<String> = []
        for entry in entries {
          guard let key = entry.key.plain, keys.contains(key), seen.insert(key).inserted else {
            throw Mismatch(
              node: entry.key, expected: expects, advice: entry.key.nearest(among: keys))
          }
          switch key {
          case "patience":
            stop.patience = try ValueFormat<Int>.integer(1...1_000_000_000).read(entry.value)
          case "metric":
            stop.metric = try ValueFormat<BestMetric>.choice(
              BestMetric.allCases.map { ($0.rawValue, $0) }
            ).read(entry.value)
          default:
            stop.minDelta = try ValueFormat<Double>.number("a number ≥ 0") { $0 >= 0 }
              .read(entry.value)
          }
        }
        guard seen.contains("patience") else { throw Mismatch(node: node, expected: expects) }
        return stop
      },
      write: { stop in
        stop.map {
          "{patience: \($0.patience)" + ($0.metric.map { ", metric: \($0.rawValue)" } ?? "")
            + ", minDelta: \(YamlText.number($0.minDelta))}"
        }
      })
  }
}
