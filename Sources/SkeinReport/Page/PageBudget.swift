import SkeinRecord

/// Chooses the epochs whose weights a page holds, so that the page is small enough to open at once.
enum PageBudget {
  /// How many characters the weights may take by default. Everything else then fits into 5 MB as
  /// well.
  static let standard = 4_000_000
  /// Exact weights that take more characters than this are left out. The page then has quantized
  /// weights only.
  static let largest = 24_000_000

  /// The epochs with exact weights, and as many others as fit. The others are evenly spread, with
  /// the first and the last among them. If nothing fits, only the newest epoch is chosen.
  static func chosen(_ networks: [EpochRecord], budget: Int) -> [EpochRecord] {
    let affordable = networks.filter { !$0.isExact || cost($0) <= largest }
    let exact = affordable.filter(\.isExact)
    let rounded = affordable.filter { !$0.isExact }
    guard let one = rounded.first.map(cost) else { return exact }
    let room = max(exact.isEmpty ? 1 : 0, (budget - exact.map(cost).reduce(0, +)) / max(one, 1))
    return (exact + spread(rounded, room)).sorted { $0.epoch < $1.epoch }
  }

  /// How many characters the weights of `network` take.
  private static func cost(_ network: EpochRecord) -> Int {
    network.layers.reduce(0) { sum, layer in
      switch layer.weights {
      case .exact(let values): sum + values.count * 16 / 3
      case .quantized(let matrix): sum + matrix.codes.count + matrix.scales.count * 16 / 3
      }
    }
  }

  /// `count` of the networks, evenly spread, with the first and the last among them; the last one
  /// for a count of 1.
  private static func spread(_ networks: [EpochRecord], _ count: Int) -> [EpochRecord] {
    guard count < networks.count else { return networks }
    guard count > 1 else { return Array(networks.suffix(count)) }
    return (0..<count).map { networks[$0 * (networks.count - 1) / (count - 1)] }
  }
}
