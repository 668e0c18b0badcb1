import SkeinRecord

/// Which epochs' weights a page holds, so that it stays small enough to open at once.
enum PageBudget {
  /// Characters that the weights may take by default, which leaves room for all else in 5 MB.
  static let standard = 4_000_000
  /// Exact weights beyond this many characters are left to a page with rounded ones alone.
  static let largest = 24_000_000

  /// The exact network and as many others as fit, evenly spread with the first and the last among
  /// them; the newest alone where not even that fits.
  static func chosen(_ networks: [EpochRecord], budget: Int) -> [EpochRecord] {
    let affordable = networks.filter { !$0.isExact || cost($0) <= largest }
    let exact = affordable.filter(\.isExact)
    let rounded = affordable.filter { !$0.isExact }
    guard let one = rounded.first.map(cost) else { return exact }
    let room = max(exact.isEmpty ? 1 : 0, (budget - exact.map(cost).reduce(0, +)) / max(one, 1))
    return (exact + spread(rounded, room)).sorted { $0.epoch < $1.epoch }
  }

  /// Characters that the weights of `network` take.
  private static func cost(_ network: EpochRecord) -> Int {
    network.layers.reduce(0) { sum, layer in
      switch layer.weights {
      case .exact(let values): sum + values.count * 16 / 3
      case .quantized(let matrix): sum + matrix.codes.count + matrix.scales.count * 16 / 3
      }
    }
  }

  private static func spread(_ networks: [EpochRecord], _ count: Int) -> [EpochRecord] {
    guard count < networks.count else { return networks }
    guard count > 1 else { return Array(networks.suffix(count)) }
    return (0..<count).map { networks[$0 * (networks.count - 1) / (count - 1)] }
  }
}
